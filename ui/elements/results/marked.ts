import { html, type TemplateResult } from "lit";
import { showText } from "../../text.ts";

/** A fragment with its matches marked; they stand between U+E000 and U+E001, and all of it is text of a sample. */
export function renderMarked(fragment: string): TemplateResult[] {
  return fragment.split(/(\uE000[^\uE001]*\uE001?)/).filter((piece) => piece !== "").map((piece) =>
    piece.startsWith("\uE000")
      ? html`<mark>${showText(piece.replace(/[\uE000\uE001]/g, ""))}</mark>`
      : html`${showText(piece)}`
  );
}
