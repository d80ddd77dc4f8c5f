import { fields, type FieldType, type QueryField } from "@assay/core";
import { SUBMISSIONS } from "./visibility.ts";

/** What a search runs over: the latest state of each sample, or every report. */
export type Scope = "samples" | "reports";

/** Where a field's values are kept in a document. */
export interface StoredField {
  readonly path: string;
  readonly type: FieldType | "flattened";
  /** Where values are kept back to front, for searches by their end; null where they aren't. */
  readonly reversed: string | null;
  /** Where their words are kept; null where they aren't. */
  readonly words: string | null;
  /** True where it is kept in each nested submission. */
  readonly nested: boolean;
}

/** Fields of the catalogue that are a part of another one. */
const aliases: Readonly<Record<string, string>> = { string: "text.strings" };
/** Values that both the findings and a submission have: tags, and the time of a scan. */
const shared: Readonly<Record<string, "both" | "submission">> = { tag: "both", seen: "submission" };

/** Where the values of a field are kept in documents of that scope: one place, or two for tags of samples. */
export function storedFields(field: QueryField, scope: Scope): readonly StoredField[] {
  const home = scope === "reports" ? "root" : field.submission ? "submission" : shared[field.name] ?? "root";
  const places: StoredField[] = [];
  if (home !== "submission") places.push(storedAt(field, false));
  if (home !== "root") places.push(storedAt(field, true));
  return places;
}

function storedAt(field: QueryField, nested: boolean): StoredField {
  const before = nested ? `${SUBMISSIONS}.` : "";
  const isName = field.type === "name";
  return {
    path: before + (aliases[field.name] ?? field.name),
    type: /^(metadata|module|raw)\./.test(field.name) ? "flattened" : field.type,
    reversed: isName ? `${before}reversed.${field.name}` : null,
    words: isName ? `${before}words.${field.name}` : null,
    nested,
  };
}

/** Fields that documents of that scope keep themselves: at the root, or in each nested submission. */
export function fieldsOf(scope: Scope, nested: boolean) {
  return fields.filter((field) =>
    aliases[field.name] === undefined && storedFields(field, scope).some((stored) => stored.nested === nested)
  );
}

/** Fields whose words free text is looked for in: every `name` and `text` field, and the words of each module. */
export function wordFields(scope: Scope): { root: readonly string[]; nested: readonly string[] } {
  const words = (nested: boolean) =>
    fieldsOf(scope, nested).flatMap((field) => {
      const stored = storedFields(field, scope).find((place) => place.nested === nested)!;
      return stored.words ?? (field.type === "text" ? stored.path : []);
    });
  return { root: ["text.*", ...words(false)], nested: words(true) };
}
