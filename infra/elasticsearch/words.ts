/** A control character that ends a word for the standard tokenizer, and fits in one byte of a V8 string. */
const BREAK = "\u0091";

/**
 * Marks where words end inside dotted and underscored names, which the standard tokenizer keeps whole, so that
 * `emotet` finds `Win.Trojan.Emotet` and `cffi` finds `PyInit__cffi`. Takes out the characters that mark highlights.
 */
export function markWords(text: string): string {
  let marked = text.replace(/[.:',]/g, `$&${BREAK}`);
  if (marked.includes("_")) marked = marked.replace(/_+/g, `${BREAK}$&${BREAK}`);
  return isLatin(marked) ? marked : marked.replace(/[\ue000\ue001]/g, "");
}

/** The text back to front, whole characters kept. */
export function reverse(text: string): string {
  if (isLatin(text)) return Buffer.from(text, "latin1").reverse().toString("latin1");
  return Array.from(text).reverse().join("");
}

/** Each text back to front; all in one go where that is the same. */
export function reverseAll(texts: readonly string[]): string[] {
  const joined = texts.join("\n");
  const parts = reverse(joined).split("\n");
  return parts.length === texts.length ? parts.reverse() : texts.map(reverse);
}

function isLatin(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[^\x00-\xff]/.test(text);
}
