import type { Sha256, Visibility } from "@assay/core";
import type { Client, estypes } from "@elastic/elasticsearch";
import type { Filter } from "../filter.ts";
import { reach, SearchTimeoutError } from "../unavailable.ts";
import { visibleDocuments } from "../visibility.ts";

/** Where pivots read, and how long a request may take. */
export interface PivotSource {
  readonly client: Client;
  /** Of the `samples` index. */
  readonly alias: string;
  /** Milliseconds of one request in Elasticsearch. */
  readonly timeout: number;
  readonly clock: () => number;
}

/** A sample that meets the query. */
export interface Candidate {
  readonly sha256: Sha256;
  /** Value of the field asked for; null without one. */
  readonly value: string | null;
  /** Names of the clauses that it meets. */
  readonly matched: readonly string[];
}

/** Candidates read at most, those with most in common first. */
export const MAX_CANDIDATES = 10_000;
const PAGE = 2500;

/**
 * The visible samples that meet a query, those that meet most of it first, read page by page.
 * `complete` is false where there are more than {@link MAX_CANDIDATES}.
 */
export async function scan(
  { client, alias, timeout }: PivotSource,
  query: Filter,
  given: { field?: string; except: Sha256 | null; signal?: AbortSignal | undefined },
  visibility: Visibility,
): Promise<{ candidates: Candidate[]; complete: boolean }> {
  const candidates: Candidate[] = [];
  let after: estypes.SortResults | undefined;
  for (;;) {
    const found = await reach("compare samples", () =>
      client.search({
        index: alias,
        query: {
          bool: {
            must: [query],
            filter: [visibleDocuments(visibility, "samples")],
            ...given.except === null ? {} : { must_not: [{ term: { sha256: given.except } }] },
          },
        },
        // Scores are numbers of things in common, the same whatever else is in the index: pages fit together.
        sort: [{ _score: { order: "desc" } }, { sha256: { order: "asc" } }],
        ...after && { search_after: after },
        size: PAGE,
        track_total_hits: false,
        timeout: `${timeout}ms`,
        _source: false,
        stored_fields: "_none_",
        ...given.field === undefined ? {} : { docvalue_fields: [given.field] },
      }, { requestTimeout: timeout + 2000, ...given.signal && { signal: given.signal } }), given.signal);
    if (found.timed_out) throw new SearchTimeoutError(`Cannot compare samples within ${timeout} ms`);
    for (const hit of found.hits.hits) {
      if (candidates.length === MAX_CANDIDATES) return { candidates, complete: false };
      candidates.push({
        sha256: hit.sort![1] as Sha256,
        value: given.field === undefined
          ? null
          : (hit.fields?.[given.field]?.[0] as string | undefined) ?? null,
        matched: (hit.matched_queries as string[] | undefined) ?? [],
      });
    }
    const last = found.hits.hits.at(-1);
    if (found.hits.hits.length < PAGE || last === undefined) return { candidates, complete: true };
    after = last.sort!;
  }
}
