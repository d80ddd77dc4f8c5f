import { css, html, LitElement } from "lit";
import { property, query } from "lit/decorators.js";
import { controls } from "../../tokens/tokens.ts";
import { dialogs } from "../../tokens/dialog.ts";

/**
 * Asks before something is done that can't be taken back. The question stands in the slot; `ask()` opens it and gives the answer.
 *
 * @element assay-confirm
 * @attr verb - What the button says, e.g. `Delete 214 samples`.
 */
export class AssayConfirm extends LitElement {
  static override styles = [
    controls,
    dialogs,
    css`
      button.primary {
        background: var(--_malicious);
        border-color: var(--_malicious);
      }
    `,
  ];

  @property()
  accessor verb = "Go on";
  @query("dialog")
  accessor dialog!: HTMLDialogElement;

  #answer: ((yes: boolean) => void) | null = null;

  /** Opens the dialog; true where the button was pressed. */
  async ask(): Promise<boolean> {
    await this.updateComplete;
    this.dialog.returnValue = "";
    this.dialog.showModal();
    return await new Promise((resolve) => this.#answer = resolve);
  }

  override render() {
    return html`
      <dialog aria-label=${this.verb} @close=${this.#onClose}>
        <form method="dialog">
          <p><slot></slot></p>
          <div class="buttons">
            <button value="" autofocus>Cancel</button>
            <button class="primary" value="yes">${this.verb}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  #onClose(): void {
    this.#answer?.(this.dialog.returnValue === "yes");
    this.#answer = null;
  }
}
