import { parseQuery } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import { compileQuery } from "./compile.ts";
import type { Filter } from "./filter.ts";
import { hitOf } from "./hit.ts";
import type { MatchRequest, SearchHit } from "./repositories.ts";
import type { SearchSource } from "./search.ts";
import { reach } from "./unavailable.ts";

/** Asks many searches about a few documents in one request. Each sees what its own reader sees. */
export async function matchSearches(
  source: SearchSource,
  requests: readonly MatchRequest[],
): Promise<(readonly SearchHit[] | Error)[]> {
  const filters = requests.map((request) => filterOf(source, request));
  const asked = requests.flatMap((request, at) => {
    const filter = filters[at]!;
    return filter instanceof Error ? [] : [{ request, filter, at }];
  });
  const answers: (readonly SearchHit[] | Error)[] = filters.map((filter) =>
    filter instanceof Error ? filter : []
  );
  if (asked.length === 0) return answers;
  const { responses } = await reach("match", () =>
    source.client.msearch({
      searches: asked.flatMap(({ request, filter }) => [
        { index: source.aliases[request.scope] },
        {
          query: filter,
          size: request.ids.length,
          track_total_hits: false,
          timeout: `${source.timeout}ms`,
          _source: false,
          stored_fields: ["hit"],
        },
      ]),
    }, { requestTimeout: source.timeout + 5000 }));
  for (const [index, { request, at }] of asked.entries()) {
    const response = responses[index] as estypes.MsearchMultiSearchItem<unknown> | estypes.ErrorResponseBase;
    if ("error" in response) {
      answers[at] = new Error(`Cannot search: ${response.error.reason ?? "no reason told"}`);
    } else if (response.timed_out) answers[at] = new Error(`Cannot search within ${source.timeout} ms`);
    else answers[at] = response.hits.hits.map((hit) => hitOf(hit, request.scope, [], request.visibility));
  }
  return answers;
}

function filterOf(source: SearchSource, { q, mode, scope, visibility, ids }: MatchRequest): Filter | Error {
  const among: Filter = scope === "samples" ? { terms: { sha256: [...ids] } } : { ids: { values: [...ids] } };
  try {
    const context = { scope, visibility, now: source.clock() };
    return { bool: { filter: [among, compileQuery(parseQuery(q, mode), context)] } };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
