import type { Match, PatternParts, Place } from "./ast.ts";
import { QueryError } from "./error.ts";
import type { QueryField } from "./field.ts";
import type { QueryMode } from "./mode.ts";
import { isFlattened } from "./operator.ts";
import { isCidr, isIp, isRelative, readBoolean, readDate, readDouble, readLong } from "./value.ts";

const MAX_WILDCARDS = 8;
/** A search for fewer letters anywhere in a value would walk every value there is. */
const MIN_LETTERS = 3;
/** The longest regular expression, in UTF-16 code units. */
const MAX_REGEXP_LENGTH = 256;

/** What values of a type look like, for messages. */
const looks = {
  long: "a whole number or a size such as 500kB",
  double: "a number",
  date: "a date such as 2024-05-07, or a time such as now-7d",
  ip: "an IP address or a block such as 10.0.0.0/8",
  boolean: "true or false",
} as const;

/** Refuses what a field's type can't answer or only at great cost. @throws {QueryError} */
export function checkMatch(
  field: QueryField | null,
  match: Match,
  place: Place,
  got: string,
  mode: QueryMode,
): void {
  if (match.type === "exists") return;
  if (match.type === "pattern") return checkPattern(field, match.parts, place, got, mode);
  if (match.type === "regexp") return checkRegexp(field, match.source, place, got);
  const type = field?.type ?? "text";
  if (type === "keyword" || type === "name" || type === "text") {
    if (match.type === "equals") return;
    throw new QueryError(place, "a word", got, `'${field?.name}' holds words, which have no order`);
  }
  if (match.type === "equals") {
    if (!fits(type, match.text)) throw new QueryError(place, looks[type], got);
    if (type === "date" && isRelative(match.text) && !match.text.includes("/")) {
      throw new QueryError(place, "a comparison", got, `write '${field!.name}:>=${match.text}'`);
    }
    return;
  }
  if (type === "boolean") throw new QueryError(place, looks[type], got);
  for (const bound of [match.from, match.to]) {
    if (bound !== null && (!fits(type, bound.text) || isCidr(bound.text))) {
      throw new QueryError(place, looks[type], bound.text);
    }
  }
}

function fits(type: keyof typeof looks, text: string): boolean {
  switch (type) {
    case "long":
      return readLong(text) !== null;
    case "double":
      return readDouble(text) !== null;
    case "date":
      return readDate(text, Date.now()) !== null;
    case "ip":
      return isIp(text) || isCidr(text);
    case "boolean":
      return readBoolean(text) !== null;
  }
}

function checkPattern(
  field: QueryField | null,
  parts: PatternParts,
  place: Place,
  got: string,
  mode: QueryMode,
): void {
  const type = field?.type ?? "text";
  const letters = parts.reduce((sum, part) => sum + (typeof part === "string" ? part.length : 0), 0);
  if (type !== "keyword" && type !== "name" && type !== "text") {
    const hint = type === "ip" ? "write a block, e.g. 10.0.0.0/8" : null;
    throw new QueryError(place, looks[type], got, hint);
  }
  if (parts.length - parts.filter((part) => typeof part === "string").length > MAX_WILDCARDS) {
    throw new QueryError(place, `at most ${MAX_WILDCARDS} wildcards in a word`, got);
  }
  if (letters === 0) throw new QueryError(place, "a letter beside the wildcard", got);
  if (isPrefix(parts)) return;
  if (field === null || isFlattened(field) || type === "text" && mode !== "advanced") {
    const hint = field === null
      ? `put it in quotes, or name a field such as 'name:${got}'`
      : "such a search would read everything; put it in quotes to mean the character itself";
    throw new QueryError(place, "a wildcard only at the end of a word", got, hint);
  }
  if (typeof parts[0] === "string" || type === "name" && isSuffix(parts)) return;
  if (letters < MIN_LETTERS) {
    throw new QueryError(place, `at least ${MIN_LETTERS} letters beside a wildcard at the start`, got);
  }
  if (field.many && mode !== "advanced") {
    const end = type === "name"
      ? "a wildcard at the start or the end, not both,"
      : "no wildcard at the start";
    const hint =
      `such a search would read every '${field.name}'; name a whole word of it, or use mode 'advanced'`;
    throw new QueryError(place, `${end} where a sample has many values`, got, hint);
  }
}

function checkRegexp(field: QueryField | null, source: string, place: Place, got: string): void {
  const type = field?.type;
  if (field === null || type !== "keyword" && type !== "name" && type !== "text" || isFlattened(field)) {
    throw new QueryError(place, "a value", got, `'${field?.name}' can't be searched by regular expressions`);
  }
  if (source.length <= MAX_REGEXP_LENGTH) return;
  throw new QueryError(place, `a regular expression of at most ${MAX_REGEXP_LENGTH} characters`, got);
}

/** True for a plain start of a word: `abc*`. */
export function isPrefix(parts: PatternParts): boolean {
  return parts.length === 2 && typeof parts[0] === "string" && isMany(parts[1]);
}

/** True for a plain end of a word: `*abc`. */
export function isSuffix(parts: PatternParts): boolean {
  return parts.length === 2 && isMany(parts[0]) && typeof parts[1] === "string";
}

function isMany(part: PatternParts[number] | undefined): boolean {
  return typeof part === "object" && part.wildcard === "*";
}
