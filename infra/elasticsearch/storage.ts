import { fields, type FieldType, type QueryField } from "@assay/core";
import { ANNOTATIONS, type NestedPath, OWN, SUBMISSIONS } from "./visibility.ts";

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

/** A part of a document that keeps fields: its findings, its own submission, or each nested entry. */
export type Part = "findings" | typeof OWN | NestedPath;

/** Fields of the catalogue that are a part of another one. */
const aliases: Readonly<Record<string, string>> = { string: "text.strings" };

/**
 * Where the values of a field are kept for searches of that scope: with the findings, with submissions (each of a
 * sample's, or the report's own), with annotations, or with several of these. None for notes in reports.
 */
export function storedFields(field: QueryField, scope: Scope): readonly StoredField[] {
  return partsOf(scope).filter((part) => isKeptIn(field, part)).map((part) => storedAt(field, part));
}

function partsOf(scope: Scope): readonly Part[] {
  return scope === "samples" ? ["findings", SUBMISSIONS, ANNOTATIONS] : ["findings", OWN];
}

function isKeptIn(field: QueryField, part: Part): boolean {
  // Tags come from everywhere, and the time of a scan is its submission's.
  if (field.name === "tag") return true;
  if (field.annotation) return part === ANNOTATIONS;
  const isOfSubmission = field.submission || field.name === "seen";
  return isOfSubmission ? part === OWN || part === SUBMISSIONS : part === "findings";
}

function storedAt(field: QueryField, part: Part): StoredField {
  const before = part === "findings" ? "" : `${part}.`;
  const isName = field.type === "name";
  return {
    path: before + (aliases[field.name] ?? field.name),
    type: /^(metadata|module|raw)\./.test(field.name) ? "flattened" : field.type,
    reversed: isName ? `${before}reversed.${field.name}` : null,
    words: isName ? `${before}words.${field.name}` : null,
    nested: part === "findings" || part === OWN ? null : part,
  };
}

/** Fields that a part of a document keeps. */
export function fieldsIn(part: Part) {
  return fields.filter((field) => aliases[field.name] === undefined && isKeptIn(field, part));
}

/**
 * Fields whose words free text is looked for in: every `name` and `text` field, and the words of each module; in the
 * document itself, or in each nested entry.
 */
export function wordFields(scope: Scope, nested: NestedPath | null): readonly string[] {
  const parts = partsOf(scope).filter((part) =>
    nested === null ? part === "findings" || part === OWN : part === nested
  );
  const words = parts.flatMap((part) =>
    fieldsIn(part).flatMap((field) => {
      const stored = storedAt(field, part);
      return stored.words ?? (field.type === "text" ? stored.path : []);
    })
  );
  return nested === null ? ["text.*", ...words] : words;
}
