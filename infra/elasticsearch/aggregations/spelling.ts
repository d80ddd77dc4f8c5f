import type { QueryField } from "@assay/core";

/** What a query takes for the same value: letters in any case, as far as ASCII goes. */
export function sameTo(field: QueryField, text: string): string {
  return field.letters === "any" && field.type === "keyword"
    ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    : text;
}
