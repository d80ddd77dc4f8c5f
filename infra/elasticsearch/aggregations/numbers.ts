import type { FieldType, Visibility } from "@assay/core";
import type { Searched } from "../repositories.ts";

/** The result that numbers are asked about: what a search of the same words finds. */
export type NumbersRequest = Omit<Searched, "sort">;

/** A value of a field, and how many documents have it. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
  /** What to add to a query to keep only documents with it. */
  readonly include: string;
  /** What to add to a query to leave them out. */
  readonly exclude: string;
}

/** Values of a field with the documents that have them. Spellings that a query takes for the same are one value. */
export interface ValueList {
  readonly values: readonly ValueCount[];
  /** Values that are not listed; `exact` is false where their number is an estimate. */
  readonly others: { readonly count: number; readonly exact: boolean };
  /** True where every count is exact and no value is missing that should stand before a listed one. */
  readonly exact: boolean;
}

/** Which fields' values to count. */
export interface FacetsRequest extends NumbersRequest {
  readonly fields: readonly string[];
  /** Values of each field. */
  readonly size: number;
  /** Only values that begin so. */
  readonly prefix?: string | undefined;
}

/** The most frequent values of a field in a result. */
export interface Facet extends ValueList {
  readonly field: string;
  /** Documents without a value. */
  readonly without: number;
}

/** The answer to a facets request. */
export interface Facets {
  /** Documents of the result. */
  readonly total: number;
  readonly items: readonly Facet[];
}

/** How to divide a field of dates or numbers. */
export interface HistogramRequest extends NumbersRequest {
  readonly field: string;
  /** Width of a bucket, e.g. `1d`, `3M`, `0.5` or `1MB`; a round one is chosen where it is absent. */
  readonly interval?: string | undefined;
  /** How many buckets a chosen width may make. */
  readonly buckets: number;
  /** `log` doubles the width from bucket to bucket: for whole numbers such as sizes. */
  readonly scale: "linear" | "log";
  /** Where it begins and ends, as in a query; at the least and greatest value by default. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A number, or an RFC 3339 time for a field of dates. */
export type Measure = number | string;

/** Documents with a value of at least `from` and less than `to`. */
export interface HistogramBucket {
  readonly from: Measure;
  readonly to: Measure;
  readonly count: number;
  /** The query for exactly these values. */
  readonly query: string;
}

/** The answer to a histogram request: buckets side by side, empty ones too. */
export interface Histogram {
  readonly field: string;
  /** Width of the buckets as a request may give it; null where they double. */
  readonly interval: string | null;
  readonly total: number;
  /** Documents without a value. */
  readonly without: number;
  /** Documents with a value below the first bucket, and from its end on above the last. */
  readonly below: number;
  readonly above: number;
  readonly buckets: readonly HistogramBucket[];
}

/** Which field to measure. */
export interface StatisticsRequest extends NumbersRequest {
  readonly field: string;
}

/** What can be said of a field's values in a result. */
export interface FieldStatistics {
  readonly field: string;
  readonly type: FieldType;
  readonly total: number;
  readonly with: number;
  readonly without: number;
  /** How many different values; null where they are not kept in order (long texts, digests of a file). */
  readonly distinct: { readonly count: number; readonly exact: boolean } | null;
  /** Of numbers and dates, over all values; null for words, or without a value. */
  readonly range: {
    readonly min: Measure;
    readonly max: Measure;
    readonly average: Measure;
    /** Estimated by t-digest. */
    readonly percentiles: readonly { readonly percent: number; readonly value: Measure }[];
  } | null;
  /** Of words; null for the rest. */
  readonly top: ValueList | null;
  readonly rarest: ValueList | null;
}

/** Which values to suggest. */
export interface SuggestionsRequest extends NumbersRequest {
  readonly field: string;
  /** What is typed; empty for the most frequent values. */
  readonly prefix: string;
  readonly size: number;
}

/** Values that begin with what is typed, then those that hold it. */
export interface ValueSuggestions {
  readonly values: readonly ValueCount[];
  /** False where only a part of the documents was looked through. */
  readonly exact: boolean;
}

/** What to look for values in. */
export interface SignificantRequest extends NumbersRequest {
  /** Every facet where absent. */
  readonly fields?: readonly string[] | undefined;
  /** Values of each field. */
  readonly size: number;
}

/** A value that stands out. */
export interface SignificantValue extends ValueCount {
  /** Documents with it in all that the reader may see. */
  readonly backgroundCount: number;
  /** How much it stands out (JLH); above 0, comparable within one answer. */
  readonly score: number;
}

/** Values that stand out in a result. */
export interface SignificantValues {
  readonly total: number;
  /** Documents that the reader may see. */
  readonly background: number;
  /** True where values were looked for in a part of a large result; counts are of all of it. */
  readonly sampled: boolean;
  /** Fields with such a value, the one that stands out most first. */
  readonly items: readonly { readonly field: string; readonly values: readonly SignificantValue[] }[];
}

/** Numbers about a result, counting only what the reader may see. */
export interface SearchNumbers {
  /** The most frequent values of fields. @throws {FieldError} for a field whose values are not counted */
  facets(request: FacetsRequest, visibility: Visibility): Promise<Facets>;
  /** How values are spread. @throws {FieldError} {@link IntervalError} */
  histogram(request: HistogramRequest, visibility: Visibility): Promise<Histogram>;
  /** What can be said of a field. @throws {FieldError} for a name that is no field's */
  statistics(request: StatisticsRequest, visibility: Visibility): Promise<FieldStatistics>;
  /** Values for who types. @throws {FieldError} for a field whose values are not counted */
  suggestions(request: SuggestionsRequest, visibility: Visibility): Promise<ValueSuggestions>;
  /** Values that stand out against all that the reader may see. @throws {FieldError} */
  significant(request: SignificantRequest, visibility: Visibility): Promise<SignificantValues>;
}
