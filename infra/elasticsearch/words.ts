/** A control character that ends a word for the standard tokenizer, and fits in one byte of a V8 string. */
const BREAK = "\u0091";

/**
 * Marks where words end inside dotted and underscored names, which the standard tokenizer keeps whole, so that
 * `emotet` finds `Win.Trojan.Emotet` and `cffi` finds `PyInit__cffi`. Takes out the characters that mark highlights.
 */
export function markWords(text: string): string {
  let marked = text.replace(/[.:',]/g, `$&${BREAK}`);
  if (marked.includes("_")) marked = marked.replace(/_+/g, `${BREAK}$&${BREAK}`);
  return /[\ue000\ue001]/.test(marked) ? marked.replace(/[\ue000\ue001]/g, "") : marked;
}

/** Takes the marks out again. */
export function unmarkWords(text: string): string {
  return text.replaceAll(BREAK, "");
}

/** The text back to front, whole characters kept. */
export function reverse(text: string): string {
  let reversed = "";
  for (let at = text.length - 1; at >= 0; at--) {
    const unit = text.charCodeAt(at);
    const low = unit >= 0xdc00 && unit <= 0xdfff;
    const before = low && at > 0 ? text.charCodeAt(at - 1) : 0;
    if (before >= 0xd800 && before <= 0xdbff) reversed += text[--at]! + text[at + 1]!;
    else reversed += text[at]!;
  }
  return reversed;
}
