import { parseQuery, type Visibility } from "@assay/core";
import { errors, type estypes } from "@elastic/elasticsearch";
import { type CompileContext, compileQuery } from "../compile.ts";
import type { Filter } from "../filter.ts";
import { ask as search, type SearchSource } from "../search.ts";
import { FieldError } from "./field.ts";
import type { NumbersRequest } from "./numbers.ts";

/** Aggregations by name, to ask for. */
export type Aggregations = Record<string, estypes.AggregationsAggregationContainer>;

/** The answer to one aggregation; which members there are depends on its kind. Inner ones stand beside, by name. */
export interface Aggregate {
  readonly doc_count?: number;
  readonly value?: number | null;
  readonly values?: Readonly<Record<string, number | null>>;
  readonly buckets?: readonly Bucket[];
  readonly sum_other_doc_count?: number;
  readonly doc_count_error_upper_bound?: number;
  readonly bg_count?: number;
}

/** One bucket of an aggregation. */
export interface Bucket extends Aggregate {
  readonly key: string | number;
  readonly key_as_string?: string;
  readonly doc_count: number;
  readonly score?: number;
}

/** An aggregation inside another one's answer. */
export function inside(aggregate: Aggregate, name: string): Aggregate {
  return (aggregate as unknown as Readonly<Record<string, Aggregate>>)[name]!;
}

/** Where and how numbers are asked for. */
export type NumbersSource = Omit<SearchSource, "points">;

/** A result to count in: the documents that a query finds among what the reader may see. */
export interface CountedResult {
  readonly source: NumbersSource;
  readonly request: NumbersRequest;
  readonly context: CompileContext;
  readonly filter: Filter;
}

/** What a request counts in. @throws {QueryError} */
export function resultOf(
  source: NumbersSource,
  request: NumbersRequest,
  visibility: Visibility,
): CountedResult {
  const context = { scope: request.scope, visibility, now: source.clock() };
  return { source, request, context, filter: compileQuery(parseQuery(request.q, request.mode), context) };
}

/** The answer to aggregations over a result. */
export interface Answer {
  readonly total: number;
  readonly aggregations: Readonly<Record<string, Aggregate>>;
  /** How many parts the index has; counts of several are put together from each one's best. */
  readonly shards: number;
  /** True where `terminateAfter` ended it before all documents were seen. */
  readonly cut: boolean;
}

/**
 * Asks for aggregations over a result, or over the part of it that `filter` tells.
 * @throws {SearchUnavailableError} {@link SearchTimeoutError}; the signal's reason where that ended it
 */
export async function ask(
  { source, request, filter: all }: CountedResult,
  aggregations: Aggregations,
  options: { filter?: Filter; terminateAfter?: number } = {},
): Promise<Answer> {
  const filter = options.filter === undefined ? all : { bool: { filter: [all, options.filter] } };
  const asked = search(source, request, {
    index: source.aliases[request.scope],
    query: { bool: { filter: [filter] } },
    size: 0,
    track_total_hits: options.terminateAfter === undefined,
    ...(options.terminateAfter === undefined ? {} : { terminate_after: options.terminateAfter }),
    aggregations,
  });
  const found = await asked.catch((error) => {
    if (!(error instanceof errors.ResponseError) || !/fielddata|doc values/i.test(error.message)) throw error;
    const message = "Cannot count: expected an index of this version, got one to reindex first";
    throw new FieldError(message, { cause: error });
  });
  const { total } = found.hits;
  return {
    total: typeof total === "number" ? total : total?.value ?? 0,
    aggregations: (found.aggregations ?? {}) as Record<string, Aggregate>,
    shards: found._shards.total,
    cut: found.terminated_early ?? false,
  };
}
