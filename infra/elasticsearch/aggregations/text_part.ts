import type { QueryField } from "@assay/core";

/** A text that values begin with, or hold anywhere. */
export interface TextPart {
  readonly text: string;
  readonly at: "start" | "anywhere";
}

/** Longer parts are no longer typed by anybody. */
export const MAX_PART_LENGTH = 100;

/** The part as an expression over whole values, in Lucene's syntax; nothing for addresses, which have no letters. */
export function valuePattern(field: QueryField, part: TextPart): { include?: string } {
  if (field.type === "ip" || field.type === "boolean") return {};
  const text = part.text.slice(0, MAX_PART_LENGTH);
  const lowered = field.letters === "lower" ? text.toLowerCase() : text;
  const literal = lowered.replace(
    /[^\p{L}\p{N}_]|[A-Za-z]/gu,
    (character) =>
      !/[A-Za-z]/.test(character)
        ? `\\${character}`
        : field.letters === "any"
        ? `[${character.toLowerCase()}${character.toUpperCase()}]`
        : character,
  );
  return { include: `${part.at === "anywhere" ? ".*" : ""}${literal}.*` };
}

/** True where a value holds the part, letters compared as the field does. */
export function beginsWith(field: QueryField, value: string, part: TextPart): boolean {
  const [whole, some] = field.letters === "exact"
    ? [value, part.text]
    : [value.toLowerCase(), part.text.toLowerCase()];
  return part.at === "start" ? whole.startsWith(some) : whole.includes(some);
}
