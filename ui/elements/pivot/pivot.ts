import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { AssayPivotEvent } from "../../events/events.ts";
import { defang, isLive, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { type Choice, choicesOf, copyOf, placeMenu } from "./choices.ts";
import { styles } from "./pivot.styles.ts";

/**
 * A value with a menu of what can be done with it: find, add to the query, exclude, where else, copy. It navigates
 * nowhere by itself: a page hears `assay-pivot` and does it.
 *
 * @element assay-pivot
 * @attr field - A field of queries, e.g. `pe.imphash`; without one the value can only be copied.
 * @attr value - The value as it is, not defanged.
 * @attr bare - The menu's button alone, for values that are drawn elsewhere.
 * @attr inline - The value itself is what opens the menu, for values that stand close together.
 * @slot - The value as it is drawn; by default its text, defanged where it is an address.
 * @fires assay-pivot - Something other than copying was chosen.
 * @csspart button - What opens the menu.
 * @csspart menu - The menu.
 */
export class AssayPivot extends LitElement {
  static override styles = [controls, styles];

  @property()
  accessor field = "";
  @property()
  accessor value = "";
  @property({ type: Boolean })
  accessor bare = false;
  @property({ type: Boolean })
  accessor inline = false;
  @state()
  accessor open = false;
  @state()
  accessor said = "";
  @query("[popover]")
  accessor menu: HTMLElement | null = null;
  @query(".open")
  accessor button: HTMLElement | null = null;

  /** True between a press on the button of an open menu, which closes it, and the click that follows. */
  #pressedOpen = false;

  override render() {
    const shown = showText(isLive(this.field) ? defang(this.value) : this.value);
    const value = html`<slot>${shown}</slot>`;
    // As a list: blanks between the parts would stand between the value and what follows it.
    return [
      this.bare || this.inline ? null : value,
      this.#renderButton(shown, this.inline ? value : "⋯"),
      html`<span class="said" role="status">${this.said}</span>`,
      this.open ? this.#renderMenu(shown) : null,
    ];
  }

  #renderButton(shown: string, content: unknown) {
    return html`
      <button
        class="open"
        part="button"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-label=${this.inline ? nothing : `Actions for ${shown.slice(0, 120)}`}
        @pointerdown=${this.#onButtonPress}
        @click=${this.#onButtonClick}
        @keydown=${this.#onButtonKeyDown}
      >${content}</button>
    `;
  }

  #renderMenu(shown: string) {
    return html`
      <div
        popover="auto"
        role="menu"
        part="menu"
        aria-label="Actions for ${shown.slice(0, 120)}"
        @toggle=${this.#onMenuToggle}
        @keydown=${this.#onMenuKeyDown}
        @click=${this.#onMenuClick}
      >${choicesOf(this.field).map(({ choice, text }) =>
        html`<button role="menuitem" tabindex="-1" data-choice=${choice}>${text}</button>`
      )}</div>
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("open") || !this.open || !this.menu || !this.button) return;
    this.menu.showPopover();
    placeMenu(this.menu, this.button.getBoundingClientRect());
    this.#items()[0]?.focus();
  }

  #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("[role=menuitem]")];
  }

  #onButtonPress(): void {
    this.#pressedOpen = this.open;
  }

  #onButtonClick(): void {
    this.said = "";
    this.open = !this.#pressedOpen;
    this.#pressedOpen = false;
  }

  #onButtonKeyDown(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    this.said = "";
    this.open = true;
  }

  #onMenuToggle(event: ToggleEvent): void {
    if (event.newState === "closed") this.open = false;
  }

  #onMenuKeyDown(event: KeyboardEvent): void {
    event.stopPropagation(); // the page's own keys have no meaning in a menu
    const items = this.#items();
    const at = items.indexOf(event.target as HTMLElement);
    const next =
      { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items[next % items.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.#close();
    }
  }

  #onMenuClick(event: Event): void {
    const choice = (event.target as HTMLElement).dataset["choice"] as Choice | undefined;
    if (choice === undefined) return;
    this.#close();
    if (choice === "copy" || choice === "copy-defanged") void this.#copy(choice);
    else this.dispatchEvent(new AssayPivotEvent(choice, this.field, this.value));
  }

  #close(): void {
    this.menu?.hidePopover();
    this.open = false;
    this.button?.focus();
  }

  async #copy(choice: "copy" | "copy-defanged"): Promise<void> {
    try {
      await navigator.clipboard.writeText(copyOf(choice, this.value));
      this.said = "Copied";
    } catch {
      this.said = "Select and copy by hand"; // the browser or an embedding page forbids the clipboard
    }
  }
}
