/** A place in the query text: UTF-16 offsets, `end` exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** `*` stands for any number of characters, `?` for one. */
export interface Wildcard {
  readonly wildcard: "*" | "?";
}

/** A word with wildcards: texts and wildcards in turn. */
export type PatternParts = readonly (string | Wildcard)[];

/** One end of a range, as written; the field's type says how to read it. */
export interface Bound {
  readonly text: string;
  readonly inclusive: boolean;
}

/** What a clause asks of its field. */
export type Match =
  /** `whole` where words of a longer name don't count; values of all but names are always whole. */
  | { readonly type: "equals"; readonly text: string; readonly whole?: true }
  | { readonly type: "pattern"; readonly parts: PatternParts }
  /** A regular expression as Lucene reads it, for whole values; only in mode `advanced`. */
  | { readonly type: "regexp"; readonly source: string }
  | { readonly type: "exists" }
  | { readonly type: "range"; readonly from: Bound | null; readonly to: Bound | null };

/** One condition. `field` is null for free text. */
export interface Clause {
  readonly type: "clause";
  readonly field: string | null;
  readonly match: Match;
  readonly place: Place;
}

/** A parsed query. `and` and `or` hold two or more, never one of their own kind. */
export type Query =
  | { readonly type: "all" }
  | { readonly type: "and"; readonly of: readonly Query[] }
  | { readonly type: "or"; readonly of: readonly Query[] }
  | { readonly type: "not"; readonly of: Query }
  | Clause;

/** Joins queries by `and` or `or`, flattening those of the same kind; one alone stays itself. */
export function join(type: "and" | "or", queries: readonly Query[]): Query {
  const of = queries.flatMap((query) => query.type === type ? query.of : [query]);
  return of.length === 1 ? of[0]! : of.length === 0 ? { type: "all" } : { type, of };
}
