import { html, type TemplateResult } from "lit";

/** What is looked for in a text that is on the screen. */
export class Needle {
  readonly text: string;
  readonly #pattern: RegExp | null;

  /** Surrounding blanks don't count; letters match in any case. */
  constructor(text: string) {
    this.text = text.trim();
    const literal = this.text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
    this.#pattern = this.text === "" ? null : new RegExp(`(${literal})`, "i");
  }

  /** True where nothing is looked for. */
  get empty(): boolean {
    return this.#pattern === null;
  }

  /** True where the text holds it. */
  isIn(text: string): boolean {
    return this.#pattern?.test(text) ?? false;
  }

  /**
   * The text as it is drawn with every match marked. Where only `raw`, what it is made from, holds it (a defanged address
   * that was looked for as it is), all of it is marked.
   */
  mark(shown: string, raw = shown): string | TemplateResult | (string | TemplateResult)[] {
    if (this.#pattern === null) return shown;
    const parts = shown.split(new RegExp(this.#pattern, "gi"));
    if (parts.length === 1) return this.isIn(raw) ? html`<mark>${shown}</mark>` : shown;
    return parts.map((part, at) => at % 2 === 1 ? html`<mark>${part}</mark>` : part);
  }
}
