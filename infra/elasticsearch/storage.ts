import { fields, type FieldType, type QueryField } from "@assay/core";
import { ANNOTATIONS, type NestedPath, SUBMISSIONS } from "./visibility.ts";

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
  /** In each entry of what it is kept; null for the document itself. */
  readonly nested: NestedPath | null;
}

/** Fields of the catalogue that are a part of another one. */
const aliases: Readonly<Record<string, string>> = { string: "text.strings" };
/** Where samples keep what more than their findings have: tags, and the time of a scan. */
const shared: Readonly<Record<string, readonly (NestedPath | null)[]>> = {
  tag: [null, SUBMISSIONS, ANNOTATIONS],
  seen: [SUBMISSIONS],
};

/**
 * Where the values of a field are kept in documents of that scope: one place, three for tags of samples, and none for
 * notes in reports.
 */
export function storedFields(field: QueryField, scope: Scope): readonly StoredField[] {
  return homesOf(field, scope).map((nested) => storedAt(field, nested));
}

function homesOf(field: QueryField, scope: Scope): readonly (NestedPath | null)[] {
  if (field.annotation) return scope === "reports" ? [] : [ANNOTATIONS];
  if (scope === "reports") return [null];
  return field.submission ? [SUBMISSIONS] : shared[field.name] ?? [null];
}

function storedAt(field: QueryField, nested: NestedPath | null): StoredField {
  const before = nested === null ? "" : `${nested}.`;
  const isName = field.type === "name";
  return {
    path: before + (aliases[field.name] ?? field.name),
    type: /^(metadata|module|raw)\./.test(field.name) ? "flattened" : field.type,
    reversed: isName ? `${before}reversed.${field.name}` : null,
    words: isName ? `${before}words.${field.name}` : null,
    nested,
  };
}

/** Fields that documents of that scope keep there: themselves, or in each nested entry. */
export function fieldsOf(scope: Scope, nested: NestedPath | null) {
  return fields.filter((field) =>
    aliases[field.name] === undefined && storedFields(field, scope).some((stored) => stored.nested === nested)
  );
}

/** Fields whose words free text is looked for in: every `name` and `text` field, and the words of each module. */
export function wordFields(scope: Scope, nested: NestedPath | null): readonly string[] {
  const words = fieldsOf(scope, nested).flatMap((field) => {
    const stored = storedFields(field, scope).find((place) => place.nested === nested)!;
    return stored.words ?? (field.type === "text" ? stored.path : []);
  });
  return nested === null ? ["text.*", ...words] : words;
}
