import { tlpRank, type Visibility } from "@assay/core";
import type { Filter } from "./filter.ts";
import type { Scope } from "./storage.ts";

/** Where a document, or a nested submission, keeps what visibility is decided by. */
export interface Access {
  /** TLP ranks of its submissions. */
  readonly rank: number | readonly number[];
  /** Owners of its submissions. */
  readonly owner: string | readonly string[];
}

/**
 * The documents a reader may see: samples with a submission that he may see, reports whose own submission he may see.
 * The one place where this is compiled.
 */
export function visibleDocuments(visibility: Visibility, scope: Scope): Filter {
  return visibleAt(scope === "samples" ? ACCESS : OWN, visibility);
}

/**
 * Documents with a submission (or an annotation) that the reader may see *and* that meets `condition`. Visibility and
 * condition hold of the same nested entry, so that a name, tag or note that is hidden finds nothing.
 */
export function withVisibleEntry(path: NestedPath, condition: Filter, visibility: Visibility): Filter {
  const filter = [visibleAt(path, visibility), condition];
  return { nested: { path, score_mode: "none", query: { bool: { filter } } } };
}

/** For sorting and counting by a value of nested entries: only visible ones take part. */
export function visibleEntries(path: NestedPath, visibility: Visibility): { path: string; filter: Filter } {
  return { path, filter: visibleAt(path, visibility) };
}

/** Ranks and owners of all submissions of a sample, where they needn't be told apart. */
export const ACCESS = "access";
/** The submission that a report was made for. */
export const OWN = "own";
/** The nested field of a sample's submissions. */
export const SUBMISSIONS = "submissions";
/** The nested field of what analysts added to a sample. */
export const ANNOTATIONS = "annotations";
/** Where a sample's document keeps what has readers of its own. */
export type NestedPath = typeof SUBMISSIONS | typeof ANNOTATIONS;

function visibleAt(path: string, visibility: Visibility): Filter {
  const within: Filter = { range: { [`${path}.rank`]: { lte: tlpRank(visibility.maxTlp) } } };
  if (visibility.reader === null) return within;
  const own: Filter = { term: { [`${path}.owner`]: visibility.reader } };
  return { bool: { should: [within, own], minimum_should_match: 1 } };
}
