import type { Sha256, Visibility } from "@assay/core";
import type { SearchHit } from "../repositories.ts";
import { cardOf } from "../hit.ts";
import { reach } from "../unavailable.ts";
import { visibleDocuments } from "../visibility.ts";
import type { PivotSource } from "./scan.ts";

/** What a reader sees of a sample in a list. */
export type SampleCard = Omit<SearchHit, "highlights" | "matches">;

const AT_ONCE = 500;

/** What the reader sees of these samples; those that he may not see, or that have no report yet, are left out. */
export async function readHits(
  { client, alias, timeout }: PivotSource,
  sha256s: readonly Sha256[],
  visibility: Visibility,
  signal?: AbortSignal,
): Promise<Map<Sha256, SampleCard>> {
  const hits = new Map<Sha256, SampleCard>();
  for (let at = 0; at < sha256s.length; at += AT_ONCE) {
    const some = sha256s.slice(at, at + AT_ONCE);
    const found = await reach("read samples", () =>
      client.search({
        index: alias,
        query: {
          bool: { filter: [visibleDocuments(visibility, "samples"), { terms: { sha256: [...some] } }] },
        },
        size: some.length,
        track_total_hits: false,
        _source: false,
        stored_fields: ["hit"],
      }, { requestTimeout: timeout + 2000, ...signal && { signal } }), signal);
    for (const hit of found.hits.hits) {
      const card = cardOf(hit, "samples", visibility);
      hits.set(card.sha256, card);
    }
  }
  return hits;
}
