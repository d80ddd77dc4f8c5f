import { fields, type QueryField, queryField, type Visibility } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import { type Scope, storedFields } from "./storage.ts";
import { visibleEntries } from "./visibility.ts";

/** What hits may be ordered by; `-` before it for the highest first. */
export const sortFields: readonly string[] = fields.filter((field) => field.sortable).map(({ name }) => name);

/** Thrown for an order that isn't one of {@link sortFields}. */
export class SortError extends RangeError {
  override readonly name = "SortError";
}

/** Beyond every value that is kept, and exact in JSON, unlike Elasticsearch's own. */
const LAST = Number.MAX_SAFE_INTEGER;

/**
 * Elasticsearch's order, made total by the document's own key, so that paging loses nothing. A field of several values
 * counts by its lowest, or by its highest where that comes first; what has none comes last.
 * @throws {SortError}
 */
export function sortOf(sort: string, scope: Scope, visibility: Visibility): estypes.SortCombinations[] {
  const order = sort.startsWith("-") ? "desc" : "asc";
  const field = queryField(sort.replace(/^-/, ""));
  if (field === undefined || !sortFields.includes(field.name)) {
    throw new SortError(
      `Cannot sort: expected one of ${sortFields.join(", ")}, with or without '-', got '${
        sort.slice(0, 80)
      }'`,
    );
  }
  const key: estypes.SortCombinations = scope === "samples" ? { sha256: "asc" } : { task: "desc" };
  if (field.name === "sha256" && scope === "samples") return [{ sha256: { order } }];
  // When the newest submission was seen: for those who see all, kept with the sample, which is far faster.
  if (field.name === "seen" && scope === "samples" && visibility.maxTlp === "red") {
    return [{ seenLast: { order } }, key];
  }
  const [stored] = storedFields(field, scope);
  const missing = missingOf(field, order);
  if (!stored!.nested) return [{ [stored!.path]: { order, missing } }, key];
  const mode = order === "asc" && field.name !== "seen" ? "min" : "max";
  return [
    { [stored!.path]: { order, mode, nested: visibleEntries(stored!.nested, visibility), missing } },
    key,
  ];
}

function missingOf(field: QueryField, order: "asc" | "desc"): string | number {
  if (field.type !== "long" && field.type !== "double" && field.type !== "date") return "_last";
  return order === "asc" ? LAST : -LAST;
}
