import { html, LitElement } from "lit";
import { query, state } from "lit/decorators.js";
import { AssayPivotEvent } from "../../events/events.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { type Choice, choicesOf, copyOf, placeMenu } from "../pivot/choices.ts";
import { styles } from "./pivot-menu.styles.ts";

/**
 * One menu for all values of a list: find a value, add it to the query, exclude it, copy it. Opened by `show()`; by keyboard with
 * the arrows or with the letters that stand there.
 *
 * @element assay-pivot-menu
 * @fires assay-pivot - A value was picked.
 */
export class AssayPivotMenu extends LitElement {
  static override styles = [controls, styles];

  @state()
  accessor target: { readonly field: string; readonly value: string } | null = null;
  @state()
  accessor message = "";
  @query("[popover]")
  accessor menu!: HTMLElement;

  /** Opens beside a value; the focus returns there. */
  async show(anchor: HTMLElement, field: string, value: string): Promise<void> {
    this.target = { field, value };
    this.message = "";
    this.#anchor = anchor;
    await this.updateComplete;
    this.menu.showPopover();
    placeMenu(this.menu, anchor.getBoundingClientRect());
    this.#items[0]!.focus();
  }

  #anchor: HTMLElement | null = null;

  get #items(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll("button")];
  }

  override render() {
    return html`
      <div popover @keydown=${this.#onKeyDown} @toggle=${this.#onToggle}>
        <p class="quiet mono">${this.target && `${this.target.field}: ${showText(this.target.value)}`}</p>
        <div role="menu" aria-label="What to do with this value">
          ${choicesOf(this.target?.field ?? "").map(({ choice, text, key }) =>
            html`<button role="menuitem" tabindex="-1" data-choice=${choice} @click=${this.#onItemClick}>
              ${text} <kbd aria-hidden="true">${key}</kbd></button>`
          )}
        </div>
        <div role="status">${this.message ? html`<p>${this.message}</p>` : null}</div>
      </div>
    `;
  }

  #onItemClick(event: Event): void {
    void this.#pick((event.currentTarget as HTMLElement).dataset["choice"] as Choice);
  }

  async #pick(choice: Choice): Promise<void> {
    const { field, value } = this.target!;
    if (choice !== "copy" && choice !== "copy-defanged") {
      this.menu.hidePopover();
      this.dispatchEvent(new AssayPivotEvent(choice, field, value));
      return;
    }
    try {
      await navigator.clipboard.writeText(copyOf(choice, value));
      this.menu.hidePopover();
    } catch {
      this.message = "The browser forbids it here: select and copy by hand";
    }
  }

  #onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    const items = this.#items;
    const at = items.findIndex((item) => item.matches(":focus"));
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      items[(at + step + items.length) % items.length]!.focus();
    } else if (event.key === "Tab") this.menu.hidePopover();
    else if (!event.ctrlKey && !event.metaKey && !event.altKey) {
      const chosen = choicesOf(this.target!.field).find(({ key }) => key === event.key);
      if (chosen) void this.#pick(chosen.choice);
    }
  }

  #onToggle(event: ToggleEvent): void {
    if (event.newState === "closed") this.#anchor?.focus();
  }
}
