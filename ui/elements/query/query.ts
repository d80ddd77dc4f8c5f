import { isDigest, type QueryError, queryModes, type SavedSearch, type SearchTerms } from "@assay/core";
import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { AssaySearchEvent } from "../../events/events.ts";
import { errorOf, everything } from "../../terms.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { choicesOf } from "./choices.ts";
import { styles } from "./query.styles.ts";
import { Suggester } from "./suggester.ts";
import { piecesOf, tokensOf } from "./tokens.ts";

const scopes = ["samples", "reports"] as const;
/** Longer texts are lists of hashes: they are shown plain. */
const MAX_COLOURED = 4000;

/**
 * Where a query is written: coloured pieces, errors with their place, suggestions of fields and values, recent and saved
 * searches where nothing is typed, lists of hashes as they are pasted.
 *
 * @element assay-query
 * @fires assay-search - A query was submitted that can be read.
 */
export class AssayQuery extends LitElement {
  static override styles = [controls, styles];
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  /** The search that is shown. */
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  /** Searches that were made before, newest first. */
  @property({ attribute: false })
  accessor recent: readonly SearchTerms[] = [];
  @property({ attribute: false })
  accessor saved: readonly SavedSearch[] = [];
  @state()
  accessor text = "";
  @state()
  accessor open = false;
  /** The suggestion that Enter takes; -1 for none. */
  @state()
  accessor active = -1;
  /** True where an error is told, though the query may not be whole yet. */
  @state()
  accessor submitted = false;
  @query("input")
  accessor input!: HTMLInputElement;
  @query(".mirror")
  accessor mirror!: HTMLElement | null;

  readonly #suggester = new Suggester(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("terms")) return;
    this.text = this.terms.q;
    this.submitted = this.terms.q !== "";
    this.#close();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("text")) this.#onInputScroll();
    if (changed.has("active")) {
      this.renderRoot.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    }
  }

  override render() {
    const error = errorOf({ q: this.text, mode: this.terms.mode });
    const told = error !== null && (this.submitted || error.place.end < this.text.length) ? error : null;
    const coloured = this.text.length <= MAX_COLOURED;
    return html`
      <form role="search" @submit=${this.#onSubmit}>
        <div class="box ${told ? "wrong" : ""}">
          ${coloured ? this.#renderMirror(told) : null}
          <input
            class=${coloured ? "coloured" : ""}
            role="combobox"
            aria-label="Query"
            aria-autocomplete="list"
            aria-expanded=${this.#isOpen}
            aria-controls="list"
            aria-activedescendant=${this.#isOpen && this.active >= 0 ? `choice-${this.active}` : ""}
            aria-invalid=${told !== null}
            aria-describedby="said"
            placeholder="verdict:malicious size:>=500kB, or a list of hashes"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            .value=${live(this.text)}
            @input=${this.#onInput}
            @keydown=${this.#onKeyDown}
            @keyup=${this.#onInputScroll}
            @scroll=${this.#onInputScroll}
            @click=${this.#onInputClick}
            @blur=${this.#onBlur}
            @paste=${this.#onPaste}
          />
        </div>
        <select aria-label="Find" @change=${this.#onScopeChange}>
          ${scopes.map((scope) =>
            html`<option value=${scope} ?selected=${scope === this.terms.scope}>${scope}</option>`
          )}
        </select>
        <select aria-label="Mode" @change=${this.#onModeChange}>
          ${queryModes.map((mode) =>
            html`<option value=${mode} ?selected=${mode === this.terms.mode}>${mode}</option>`
          )}
        </select>
        <button class="primary">Search</button>
      </form>
      ${this.#renderChoices()}
      <div id="said" role="status">${told ? renderError(told) : renderNote(this.text)}</div>
    `;
  }

  #renderMirror(error: QueryError | null) {
    const pieces = piecesOf(this.text, tokensOf(this.text, this.terms.mode), error?.place ?? null);
    return html`<div class="mirror" aria-hidden="true">${
      pieces.map((piece) =>
        html`<span class="${piece.kind} ${piece.wrong ? "error-place" : ""}">${piece.text}</span>`
      )
    }</div>`;
  }

  #renderChoices() {
    if (!this.#isOpen) return html`<ul id="list" role="listbox" aria-label="Suggestions" hidden></ul>`;
    return html`
      <ul id="list" class="list" role="listbox" aria-label="Suggestions" @mousedown=${this.#onListMouseDown}>
        ${this.#choices.map((choice, at) =>
          html`
            <li id="choice-${at}" role="option" data-at=${at} aria-selected=${at === this.active}>
              <code>${showText(choice.label)}</code>
              <small class="quiet">${choice.description ?? ""}</small>
              <span class="count quiet">${choice.count === null
                ? choice.kind
                : choice.count.toLocaleString("en")}</span>
            </li>
          `
        )}
      </ul>
    `;
  }

  /** Puts a text into the box, as if it were typed. */
  write(text: string): void {
    this.text = text;
    this.submitted = false;
    void this.updateComplete.then(() => {
      this.input.focus();
      this.input.setSelectionRange(text.length, text.length);
    });
  }

  get #choices() {
    return choicesOf(this.text, this.#suggester.items, this.recent, this.saved);
  }

  get #isOpen(): boolean {
    return this.open && this.#choices.length > 0;
  }

  #suggest(): void {
    const { scope, mode } = this.terms;
    const at = this.input.selectionStart ?? this.text.length;
    this.#suggester.suggest(this.client, { text: this.text, at, scope, mode });
    this.open = true;
    this.active = -1;
  }

  #close(): void {
    this.open = false;
    this.active = -1;
    this.#suggester.clear();
  }

  #submit(terms: SearchTerms): void {
    this.submitted = true;
    this.#close();
    if (errorOf(terms) === null) this.dispatchEvent(new AssaySearchEvent(terms));
  }

  #take(at: number): void {
    const choice = this.#choices[at];
    if (choice === undefined) return;
    if (choice.terms !== null) return this.#submit(choice.terms);
    const { start, end } = this.#suggester.place;
    const isWhole = choice.kind === "value" || choice.kind === "bound";
    const put = isWhole ? `${choice.text} ` : choice.text;
    const rest = this.text.slice(end);
    this.text = this.text.slice(0, start) + put + (put.endsWith(" ") ? rest.trimStart() : rest);
    this.submitted = false;
    void this.updateComplete.then(() => {
      this.input.setSelectionRange(start + put.length, start + put.length);
      this.#suggest();
    });
  }

  #onInput(): void {
    this.text = this.input.value;
    this.submitted = false;
    this.#suggest();
  }

  #onInputClick(): void {
    if (this.text === "") this.#suggest();
  }

  #onInputScroll(): void {
    if (this.mirror) this.mirror.scrollLeft = this.input.scrollLeft;
  }

  #onBlur(): void {
    this.#close();
  }

  #onKeyDown(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (!this.#isOpen) return this.#suggest();
      const count = this.#choices.length + 1; // one more: none
      this.active = (this.active + 1 + step + count) % count - 1;
    } else if (event.key === "Escape" && this.#isOpen) {
      event.stopPropagation();
      this.#close();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.#isOpen && this.active >= 0) {
      event.preventDefault();
      this.#take(this.active);
    } else if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.#suggest();
    }
  }

  /** Keeps the focus where it is. */
  #onListMouseDown(event: MouseEvent): void {
    event.preventDefault();
    const item = event.composedPath().find((target) => target instanceof HTMLLIElement);
    if (item instanceof HTMLLIElement) this.#take(Number(item.dataset["at"]));
  }

  /** Lines become words: a box of one line would join them. */
  #onPaste(event: ClipboardEvent): void {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\r\n]/.test(pasted)) return;
    event.preventDefault();
    this.input.setRangeText(
      pasted.trim().replace(/\s+/g, " "),
      this.input.selectionStart ?? 0,
      this.input.selectionEnd ?? 0,
      "end",
    );
    this.text = this.input.value;
    this.submitted = true;
    this.#close();
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    this.#submit({ ...this.terms, q: this.text.trim() });
  }

  #onScopeChange(event: Event): void {
    const scope = (event.target as HTMLSelectElement).value as SearchTerms["scope"];
    this.#submit({ ...this.terms, scope, q: this.text.trim() });
  }

  #onModeChange(event: Event): void {
    const mode = (event.target as HTMLSelectElement).value as SearchTerms["mode"];
    this.#submit({ ...this.terms, mode, q: this.text.trim() });
  }
}

function renderError({ place, expected, hint, message }: QueryError) {
  const got = /, got ('.*?'|the end)(?: \(|$)/s.exec(message)?.[1] ?? "";
  return html`<p class="error">
    At character ${place.start + 1}: expected ${expected}${
    got ? html`, got <code>${showText(got)}</code>` : null
  }.
    ${hint === null ? null : html`<strong>${sentence(showText(hint))}</strong>`}
  </p>`;
}

/** What can't be seen in the box itself. */
function renderNote(text: string) {
  const words = text.length > 64 ? text.split(/[\s,;]+/).filter((word) => word !== "") : [];
  if (words.length > 1 && words.every(isDigest)) {
    return html`<p class="note quiet">${words.length.toLocaleString("en")} hashes: any of them is found.</p>`;
  }
  if (showText(text) === text) return null;
  return html`<p class="note">The query holds characters that can't be seen: <span class="mono">${
    showText(text)
  }</span></p>`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}
