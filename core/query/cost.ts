import type { Clause } from "./ast.ts";
import { isPrefix, isSuffix } from "./check.ts";
import { queryField } from "./field.ts";
import { isDigest } from "./indicator.ts";

/** How much looking-up a query may ask for: one for each word of text, more for wildcards. */
export const MAX_QUERY_COST = 100;

/** Wildcards stand for many words. */
const WILDCARD_COST = 5;

/** What a clause adds to the cost of its query. */
export function costOf({ field, match }: Clause): number {
  const type = field === null ? "text" : queryField(field)?.type;
  if (type !== "text" && type !== "name" && type !== "keyword") return 0;
  if (match.type === "equals") {
    return type === "keyword" || match.whole || field === null && isDigest(match.text)
      ? 0
      : countWords(match.text);
  }
  if (match.type !== "pattern") return 0;
  if (type !== "text" && (isPrefix(match.parts) || isSuffix(match.parts))) return 0;
  return WILDCARD_COST + countWords(match.parts.filter((part) => typeof part === "string").join(" "));
}

/** About as many words as the standard tokenizer makes: ideographs and pictures are words of their own. */
function countWords(text: string): number {
  const words = text.match(
    /[\p{Ideographic}\p{Script=Hiragana}\p{Extended_Pictographic}]|[\p{L}\p{N}\p{M}]{1,255}/gu,
  );
  return Math.max(1, words?.length ?? 0);
}
