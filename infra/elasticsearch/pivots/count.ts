import type { Query, Sha256, Visibility } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import { compileCondition } from "../compile.ts";
import { reach, SearchTimeoutError } from "../unavailable.ts";
import { visibleDocuments } from "../visibility.ts";
import type { PivotSource } from "./scan.ts";

/** Conditions counted by one request. */
const AT_ONCE = 1000;

/** How many visible samples besides `except` meet each condition, in their order. */
export async function countSamples(
  { client, alias, timeout, clock }: PivotSource,
  conditions: readonly Query[],
  given: { except: Sha256 | null; signal?: AbortSignal | undefined },
  visibility: Visibility,
): Promise<number[]> {
  const counts: number[] = [];
  const context = { scope: "samples" as const, visibility, now: clock() };
  for (let at = 0; at < conditions.length; at += AT_ONCE) {
    const some = conditions.slice(at, at + AT_ONCE);
    const found = await reach(
      "count samples",
      () =>
        client.search<unknown, { each: estypes.AggregationsFiltersAggregate }>({
          index: alias,
          query: {
            bool: {
              filter: [visibleDocuments(visibility, "samples")],
              ...given.except === null ? {} : { must_not: [{ term: { sha256: given.except } }] },
            },
          },
          size: 0,
          track_total_hits: false,
          timeout: `${timeout}ms`,
          aggs: { each: { filters: { filters: some.map((clause) => compileCondition(clause, context)) } } },
        }, { requestTimeout: timeout + 2000, ...given.signal && { signal: given.signal } }),
      given.signal,
    );
    if (found.timed_out) throw new SearchTimeoutError(`Cannot count samples within ${timeout} ms`);
    const buckets = found.aggregations!.each.buckets as readonly { doc_count: number }[];
    counts.push(...buckets.map(({ doc_count }) => doc_count));
  }
  return counts;
}
