import type { Clause } from "./ast.ts";
import { isPrefix, isSuffix } from "./check.ts";
import { queryField } from "./field.ts";
import { isDigest } from "./indicator.ts";

/** How much looking-up a query may ask for: one for each word of text, more for wildcards. */
export const MAX_QUERY_COST = 100;

/** Wildcards stand for many words. */
const WILDCARD_COST = 5;
/** A regular expression may walk every value of its field. */
const REGEXP_COST = 20;

/** What a clause adds to the cost of its query. */
export function costOf({ field, match }: Clause): number {
  const type = field === null ? "text" : queryField(field)?.type;
  if (type !== "text" && type !== "name" && type !== "keyword") return 0;
  if (match.type === "equals") {
    return type === "keyword" || match.whole || field === null && isDigest(match.text)
      ? 0
      : countWords(match.text);
  }
  if (match.type === "regexp") return REGEXP_COST;
  if (match.type !== "pattern") return 0;
  if (type !== "text" && (isPrefix(match.parts) || isSuffix(match.parts))) return 0;
  return WILDCARD_COST + countWords(match.parts.filter((part) => typeof part === "string").join(" "));
}

/**
 * About as many words as the standard tokenizer makes: runs of letters and digits of up to 255; a sign of the scripts
 * without spaces, and half a picture, count for a word each.
 */
function countWords(text: string): number {
  const words = text.match(
    /[A-Za-z0-9\u0080-\u0dff\u1e00-\u1fff\uac00-\ud7ff]{1,255}|[\u0e00-\u1dff\u2c00-\uabff\ud800-\uffff]/g,
  );
  return Math.max(1, words?.length ?? 0);
}
