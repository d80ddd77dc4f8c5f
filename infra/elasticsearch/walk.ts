import { parseQuery, type Visibility } from "@assay/core";
import { compileQuery } from "./compile.ts";
import { hitOf } from "./hit.ts";
import type { WalkPlace, WalkRequest, WalkStep } from "./repositories.ts";
import { ask, type SearchSource } from "./search.ts";
import { sortOf } from "./sort.ts";

/** One step of a walk in the order of digests, which no later change of a document changes. */
export async function walkSearch(
  source: SearchSource,
  request: WalkRequest,
  visibility: Visibility,
): Promise<WalkStep> {
  const { scope, size, place } = request;
  const now = place?.now ?? source.clock();
  const sort = sortOf("sha256", scope, visibility);
  const found = await ask(source, request, {
    index: source.aliases[scope],
    query: compileQuery(parseQuery(request.q, request.mode), { scope, visibility, now }),
    sort,
    ...(place === null ? {} : { search_after: [...place.after] }),
    // One more tells whether there is a next step.
    size: size + 1,
    track_total_hits: false,
    stored_fields: ["hit"],
  });
  const { hits } = found.hits;
  const last = hits.length > size ? hits[size - 1]!.sort! : null;
  return {
    items: hits.slice(0, size).map((hit) => hitOf(hit, scope, [], visibility)),
    place: last === null ? null : { after: last as WalkPlace["after"], now },
  };
}
