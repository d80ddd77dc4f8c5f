import {
  isPrefix,
  isSuffix,
  type Match,
  type PatternParts,
  type QueryField,
  readBoolean,
  readDate,
  readDouble,
  readLong,
} from "@assay/core";
import type { Filter } from "./filter.ts";
import type { StoredField } from "./storage.ts";
import { markWords, reverse } from "./words.ts";

type Range = Extract<Match, { type: "range" }>;

/** How many words of the index a start of a word may stand for in full text. */
export const MAX_EXPANSIONS = 200;

/** The filter for what a clause asks of a field kept there. The parser has checked that the two go together. */
export function matchOf(match: Match, field: QueryField, stored: StoredField, now: number): Filter {
  switch (match.type) {
    case "exists":
      return { exists: { field: stored.path } };
    case "range":
      return { range: { [stored.path]: rangeOf(match, field, now) } };
    case "equals":
      return match.whole
        ? { term: { [stored.path]: match.text.toLowerCase() } }
        : equals(match.text, field, stored, now);
    case "pattern":
      return pattern(match.parts, field, stored);
    case "regexp":
      return { regexp: { [stored.path]: { value: match.source, ...regexpBounds, ...regexpCase(field) } } };
  }
}

/** Plain syntax only, and refused by Lucene where its automaton grows beyond. */
const regexpBounds = { flags: "NONE", max_determinized_states: 5000 };

/** Names and words are kept lowered: what is asked for may be written in any case. */
function regexpCase(field: QueryField): { case_insensitive?: true } {
  return field.letters === "exact" ? {} : { case_insensitive: true };
}

function equals(text: string, field: QueryField, stored: StoredField, now: number): Filter {
  switch (field.type) {
    case "keyword":
      return { term: { [stored.path]: { value: lettersOf(text, field), ...anyCase(field) } } };
    case "name":
      // A whole value, or words of one.
      return {
        bool: {
          should: [
            { term: { [stored.path]: text.toLowerCase() } },
            { match_phrase: { [stored.words!]: markWords(text) } },
          ],
          minimum_should_match: 1,
        },
      };
    case "text":
      return { match_phrase: { [stored.path]: markWords(text) } };
    case "long":
      return { term: { [stored.path]: readLong(text)! } };
    case "double":
      return { term: { [stored.path]: readDouble(text)! } };
    case "boolean":
      return { term: { [stored.path]: readBoolean(text)! } };
    case "ip":
      return { term: { [stored.path]: text } };
    case "date": {
      const span = readDate(text, now)!;
      return { range: { [stored.path]: { gte: span.from, lt: span.to, format: "epoch_millis" } } };
    }
  }
}

function rangeOf(match: Range, field: QueryField, now: number): Record<string, string | number> {
  const range: Record<string, string | number> = {};
  const { from, to } = match;
  if (field.type === "date") {
    // A date is a span: after it means after its end.
    range["format"] = "epoch_millis";
    if (from !== null) {
      const span = readDate(from.text, now)!;
      range["gte"] = from.inclusive ? span.from : span.to;
    }
    if (to !== null) {
      const span = readDate(to.text, now)!;
      range["lt"] = to.inclusive ? span.to : span.from;
    }
    return range;
  }
  const read = (text: string) =>
    field.type === "long" ? readLong(text)! : field.type === "double" ? readDouble(text)! : text;
  if (from !== null) range[from.inclusive ? "gte" : "gt"] = read(from.text);
  if (to !== null) range[to.inclusive ? "lte" : "lt"] = read(to.text);
  return range;
}

function pattern(parts: PatternParts, field: QueryField, stored: StoredField): Filter {
  if (stored.type === "text" && isPrefix(parts)) return textPrefix(parts[0] as string, stored.path);
  const isLowered = field.type === "name" || field.type === "text";
  const read = (text: string) => isLowered ? text.toLowerCase() : lettersOf(text, field);
  const letters = isLowered ? {} : anyCase(field);
  if (isPrefix(parts)) return { prefix: { [stored.path]: { value: read(parts[0] as string), ...letters } } };
  if (stored.reversed !== null && isSuffix(parts)) {
    return { prefix: { [stored.reversed]: { value: reverse(read(parts[1] as string)) } } };
  }
  const value = parts.map((part) =>
    typeof part === "string" ? read(part).replace(/[*?\\]/g, "\\$&") : part.wildcard
  ).join("");
  return { wildcard: { [stored.path]: { value, ...letters } } };
}

/** Words that begin so. One plain word is looked up in full; the last of several stands for a bounded number. */
function textPrefix(text: string, path: string): Filter {
  return /^[\p{L}\p{N}]+$/u.test(text)
    ? { prefix: { [path]: { value: text.toLowerCase() } } }
    : { match_phrase_prefix: { [path]: { query: markWords(text), max_expansions: MAX_EXPANSIONS } } };
}

function lettersOf(text: string, field: QueryField): string {
  return field.letters === "lower" ? text.toLowerCase() : text;
}

function anyCase(field: QueryField): { case_insensitive?: true } {
  return field.letters === "any" ? { case_insensitive: true } : {};
}
