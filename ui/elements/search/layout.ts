import { usualColumns } from "../results/columns.ts";

/** What of a result is shown beside the hits. */
export interface SearchLayout {
  /** Ids of columns beside verdict and name. */
  readonly columns: readonly string[];
  /** Fields whose values are counted. */
  readonly facets: readonly string[];
  /** The field of the histogram. */
  readonly over: string;
}

/** Fields whose values are counted where nobody chose. */
export const usualFacets: readonly string[] = [
  "verdict",
  "fileType",
  "family",
  "tag",
  "yara.rule",
  "attack",
  "tlp",
  "submitter",
];

/** The layout where nobody chose. */
export const usualLayout: SearchLayout = { columns: usualColumns, facets: usualFacets, over: "seen" };
