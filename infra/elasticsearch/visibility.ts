import { tlpRank, type Visibility } from "@assay/core";
import type { Filter } from "./filter.ts";

/** Where a document, or a nested submission, keeps what visibility is decided by. */
export interface Access {
  /** TLP ranks of its submissions. */
  readonly rank: number | readonly number[];
  /** Owners of its submissions. */
  readonly owner: string | readonly string[];
}

/** The documents a reader may see: those with a submission that he may see. The one place where this is compiled. */
export function visibleDocuments(visibility: Visibility): Filter {
  return visibleAt("access", visibility);
}

/**
 * Documents with a submission that the reader may see *and* that meets `condition`. Visibility and condition hold of
 * the same nested entry, so that a name or tag of a hidden submission finds nothing.
 */
export function withVisibleSubmission(condition: Filter, visibility: Visibility): Filter {
  const filter = [visibleAt(SUBMISSIONS, visibility), condition];
  return { nested: { path: SUBMISSIONS, score_mode: "none", query: { bool: { filter } } } };
}

/** For sorting by a value of submissions: only visible ones take part. */
export function visibleSubmissions(visibility: Visibility): { path: string; filter: Filter } {
  return { path: SUBMISSIONS, filter: visibleAt(SUBMISSIONS, visibility) };
}

/** The nested field of a sample's submissions. */
export const SUBMISSIONS = "submissions";

function visibleAt(path: string, visibility: Visibility): Filter {
  const within: Filter = { range: { [`${path}.rank`]: { lte: tlpRank(visibility.maxTlp) } } };
  if (visibility.reader === null) return within;
  const own: Filter = { term: { [`${path}.owner`]: visibility.reader } };
  return { bool: { should: [within, own], minimum_should_match: 1 } };
}
