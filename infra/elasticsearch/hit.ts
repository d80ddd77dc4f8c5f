import { canSee, type Visibility } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import type { HitCard } from "./document.ts";
import { highlightsOf, matchesOf } from "./highlight.ts";
import type { SearchHit } from "./repositories.ts";

/** What a hit shows to this reader, but for where it matched. */
export function cardOf(
  hit: estypes.SearchHit<unknown>,
  visibility: Visibility,
): Omit<SearchHit, "highlights" | "matches"> & { readonly sources: Required<HitCard>["sources"] } {
  const card = JSON.parse((hit.fields as { hit: [string] }).hit[0]) as HitCard;
  const { submissions, annotations, tags, ...rest } = card;
  const visible = submissions.filter((submission) => canSee(visibility, submission));
  const annotated = (annotations ?? []).filter((annotation) => canSee(visibility, annotation));
  const newest = visible[0]!;
  return {
    ...rest,
    sources: card.sources ?? {},
    name: visible.find((submission) => submission.name !== null)?.name ?? null,
    tags: [...new Set([...tags, ...[...visible, ...annotated].flatMap((one) => one.tags)])],
    seen: newest.seen,
    reportId: newest.reportId,
  };
}

/** A hit with where it matched. */
export function hitOf(hit: estypes.SearchHit<unknown>, visibility: Visibility): SearchHit {
  const { sources, ...card } = cardOf(hit, visibility);
  const highlights = highlightsOf(hit.highlight);
  return { ...card, highlights, matches: matchesOf(highlights, sources) };
}
