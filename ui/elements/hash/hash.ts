import { css, html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { controls } from "../../tokens/tokens.ts";

/**
 * A digest that can be copied: unbroken text with a button.
 *
 * @element assay-hash
 * @attr value - The digest.
 * @attr label - What it is, for the button's name, e.g. `SHA-256`.
 * @slot - The digest as it is drawn; by default as it is.
 */
export class AssayHash extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: inline-flex;
        gap: 0.5rem;
        align-items: baseline;
        max-width: 100%;
      }
      button {
        flex: none;
        font-size: 0.75rem;
        padding: 0 0.4rem;
      }
    `,
  ];

  @property()
  accessor value = "";
  @property()
  accessor label = "hash";
  @state()
  accessor copied = "";

  override render() {
    return html`
      <span class="mono"><slot>${this.value}</slot></span>
      <button aria-label="Copy ${this.label}" @click=${this.#onCopyClick}>${this.copied || "Copy"}</button>
    `;
  }

  async #onCopyClick(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.value);
      this.copied = "Copied";
    } catch {
      this.copied = "Select and copy by hand"; // the browser or an embedding page forbids the clipboard
    }
  }
}
