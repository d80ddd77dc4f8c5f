/**
 * Characters that a reader can't see or that change what he sees around them: controls, bidirectional controls and other format
 * characters, line and paragraph separators, and whatever else Unicode calls ignorable.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const UNSEEN_BUT_BREAKS = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Hostile text on one line, safe to show: unseen characters as `[U+202E]`, halves of surrogate pairs as U+FFFD. */
export function shown(text: string, longest = 4096): string {
  return cut(text.toWellFormed().replace(UNSEEN, name), longest);
}

/** Hostile text that may have lines and tabs, as a note has; otherwise as {@link shown}. */
export function shownLines(text: string, longest = 65_536): string {
  return cut(text.toWellFormed().replace(/\r\n?/g, "\n").replace(UNSEEN_BUT_BREAKS, name), longest);
}

/** True where the text holds nothing that {@link shownLines} would change. */
export function isShown(text: string): boolean {
  return text.isWellFormed() && text.search(UNSEEN_BUT_BREAKS) < 0;
}

/** A value of JSON whose strings, keys too, hold no halves of surrogate pairs, which no UTF-8 can carry. */
export function wellFormed<T>(value: T): T {
  if (typeof value === "string") return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]);
  return Object.fromEntries(entries) as T;
}

function name(character: string): string {
  return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`;
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}
