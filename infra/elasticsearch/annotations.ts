import { type KeyId, type Tlp, tlpRank } from "@assay/core";
import type { SampleFacts } from "../postgres/repositories.ts";
import { markWords } from "./words.ts";

/** Analysts' tags that the same readers see. */
export interface TagsOfReaders {
  readonly tlp: Tlp;
  readonly owner: KeyId;
  readonly tags: readonly string[];
}

/** Analysts' tags by who may see them, so that many share an entry. */
export function tagsByReaders({ tags }: Pick<SampleFacts, "tags">): TagsOfReaders[] {
  const groups = Map.groupBy(tags, ({ tlp, owner }) => `${tlp} ${owner}`);
  return [...groups.values()].map((group) => ({
    tlp: group[0]!.tlp,
    owner: group[0]!.owner,
    tags: group.map(({ tag }) => tag),
  }));
}

/** The nested entries of what analysts added to a sample: each is found by those who may see it. */
export function annotationsOf(facts: Pick<SampleFacts, "notes" | "tags">): Record<string, unknown>[] {
  return [
    ...tagsByReaders(facts).map(({ tlp, owner, tags }) => ({ rank: tlpRank(tlp), owner, tag: tags })),
    ...facts.notes.map(({ tlp, owner, author, text }) => ({
      rank: tlpRank(tlp),
      owner,
      note: markWords(text),
      noteAuthor: author,
    })),
  ];
}
