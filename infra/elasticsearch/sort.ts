import type { Visibility } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import type { Scope } from "./storage.ts";
import { SUBMISSIONS, visibleEntries } from "./visibility.ts";

/** What hits may be ordered by; `-` before it for the highest first. */
export const sortFields = ["seen", "score", "size", "sha256", "fileType", "verdict"] as const;

/** Thrown for an order that isn't one of {@link sortFields}. */
export class SortError extends RangeError {
  override readonly name = "SortError";
}

/** Elasticsearch's order, made total by the document's own key, so that paging loses nothing. @throws {SortError} */
export function sortOf(sort: string, scope: Scope, visibility: Visibility): estypes.SortCombinations[] {
  const name = sort.replace(/^-/, "");
  if (!(sortFields as readonly string[]).includes(name)) {
    throw new SortError(
      `Cannot sort: expected one of ${sortFields.join(", ")}, with or without '-', got '${sort}'`,
    );
  }
  const order = sort.startsWith("-") ? "desc" : "asc";
  const key: estypes.SortCombinations = scope === "samples" ? { sha256: "asc" } : { task: "desc" };
  if (name === "sha256" && scope === "samples") return [{ sha256: { order } }];
  if (name === "seen" && scope === "samples") return [seen(order, visibility), key];
  return [{ [name]: { order, missing: "_last" } }, key];
}

/** When the newest visible submission was seen: for those who see all, kept with the sample, which is far faster. */
function seen(order: "asc" | "desc", visibility: Visibility): estypes.SortCombinations {
  if (visibility.maxTlp === "red") return { seenLast: { order } };
  return {
    [`${SUBMISSIONS}.seen`]: {
      order,
      mode: "max",
      nested: visibleEntries(SUBMISSIONS, visibility),
      missing: "_last",
    },
  };
}
