import { canSee, type Visibility } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import type { HitCard } from "./document.ts";
import { matchesOf, type Wanted } from "./highlight.ts";
import { unpackReport } from "./packed.ts";
import type { SearchHit } from "./repositories.ts";
import type { Scope } from "./storage.ts";

/** What a hit shows to this reader, but for where it matched. */
export function cardOf(
  hit: estypes.SearchHit<unknown>,
  scope: Scope,
  visibility: Visibility,
): Omit<SearchHit, "highlights" | "matches"> {
  const card = JSON.parse((hit.fields as { hit: [string] }).hit[0]) as HitCard;
  const { own, submissions, annotations, tags, ...rest } = card;
  const visible = scope === "reports"
    ? [own]
    : submissions.filter((submission) => canSee(visibility, submission));
  const annotated = scope === "reports"
    ? []
    : annotations.filter((annotation) => canSee(visibility, annotation));
  const newest = visible[0]!;
  return {
    ...rest,
    name: visible.find((submission) => submission.name !== null)?.name ?? null,
    tags: [...new Set([...tags, ...[...visible, ...annotated].flatMap((one) => one.tags)])],
    seen: newest.seen,
    reportId: newest.reportId,
  };
}

/** A hit with where it has the words that are wanted; it must have been asked for its report where there are any. */
export function hitOf(
  hit: estypes.SearchHit<unknown>,
  scope: Scope,
  wanted: readonly Wanted[],
  visibility: Visibility,
): SearchHit {
  const report = wanted.length === 0 ? null : unpackReport(hit);
  const matches = report === null ? [] : matchesOf(report, wanted, visibility);
  const highlights = Object.fromEntries(matches.map(({ field, fragments }) => [field, fragments]));
  return { ...cardOf(hit, scope, visibility), highlights, matches };
}
