import type { SearchTerms } from "@assay/core";
import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { SearchPages } from "../../controllers/search-pages.ts";
import type { SearchHit } from "../../controllers/search.ts";
import {
  AssayColumnsEvent,
  AssayNavigateEvent,
  AssaySearchEvent,
  AssaySelectionEvent,
} from "../../events/events.ts";
import { everything } from "../../terms.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import type { AssayPivotMenu } from "../pivot-menu/pivot-menu.ts";
import { type Column, columns, usualColumns } from "./columns.ts";
import { styles } from "./results.styles.ts";
import { renderCell, renderName, renderUnfolded, renderValue } from "./row.ts";
import { type RowWindow, windowOf } from "./window.ts";

/** Pixels of a row, as the styles say. */
const ROW = 52;
/** Rows are drawn anew each time that so many pixels were scrolled, fewer than are drawn beyond the edges. */
const STEP = 4 * ROW;
/** The next page is asked for when so many rows are left. */
const EARLY = 40;

/**
 * What a search finds, as a table that draws only the rows in sight and asks for further pages as it is scrolled: sorting, columns, selection,
 * where each hit matched and which module said so, and a menu on every value. Keys while the focus is inside: `j` `k` next and
 * previous, `o` open, `x` select, `e` unfold.
 *
 * @element assay-results
 * @fires assay-search - Another order is wanted.
 * @fires assay-columns - Other columns are wanted.
 * @fires assay-selection - Rows were selected.
 * @fires assay-pivot - A value was picked.
 * @fires assay-navigate - A report was chosen.
 */
export class AssayResults extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  /** The search that is shown. */
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  /** Ids of the columns beside verdict and name. */
  @property({ attribute: false })
  accessor columns: readonly string[] = usualColumns;
  @state()
  accessor selected: ReadonlySet<string> = new Set();
  /** The row that keys are about; -1 for none. */
  @state()
  accessor current = -1;
  /** The row that shows all; -1 for none. */
  @state()
  accessor unfolded = -1;
  @state()
  accessor view = { top: 0, height: 800, more: 0 };
  /** Pixels that the table may take. */
  @state()
  accessor width = 1000;
  @query(".scroll")
  accessor scroller!: HTMLElement | null;
  @query("assay-pivot-menu")
  accessor menu!: AssayPivotMenu;

  /** The result; the view around it reads how many hits there are. */
  readonly pages: SearchPages = new SearchPages(this);
  #last = -1;
  readonly #size = new ResizeObserver(([entry]) => this.width = entry!.contentRect.width);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("terms") && !changed.has("client")) return;
    this.pages.follow(this.client, this.terms);
    this.#forget();
  }

  override updated(): void {
    const seen = this.#window;
    for (const name of ["before", "after"] as const) {
      const cell = this.renderRoot.querySelector<HTMLElement>(`.space.${name} > td`);
      if (cell) cell.style.height = `${seen[name]}px`;
    }
    const more = this.renderRoot.querySelector<HTMLElement>("tr.more")?.offsetHeight;
    const height = this.scroller?.clientHeight;
    const { view } = this;
    if (more !== undefined && more !== view.more || height !== undefined && height !== view.height) {
      this.view = { ...view, more: more ?? view.more, height: height ?? view.height };
    }
    if (seen.end + EARLY >= this.pages.hits.length && seen.end > 0) this.pages.more();
  }

  override render() {
    const { state: { kind }, hits } = this.pages;
    return html`
      <div class="bar">
        <p role="status">${this.#renderCount()}</p>
        ${kind === "pending" || kind === "more"
          ? html`<button @click=${this.#onStopClick}>Stop</button>`
          : null}
        ${this.#renderColumns()}
      </div>
      ${hits.length > 0 ? this.#renderTable(hits) : null} ${this.#renderState()}
      <assay-pivot-menu></assay-pivot-menu>
    `;
  }

  /** Does what a key stands for; true where it stands for something. */
  press(key: string): boolean {
    const hit = this.pages.hits[this.current];
    if (key === "j") this.#go(this.current + 1);
    else if (key === "k") this.#go(this.current - 1);
    else if (hit === undefined) return false;
    else if (key === "o") this.#open(hit);
    else if (key === "x") this.#select(this.current, !this.selected.has(hit.sha256));
    else if (key === "e") this.#unfold(this.current);
    else return false;
    return true;
  }

  #renderCount() {
    const { state: { kind }, total, hits } = this.pages;
    if (kind === "pending") return "Searching…";
    if (total === null) return null;
    const what = this.terms.scope === "samples" ? "sample" : "report";
    const number = `${total.exact ? "" : "at least "}${total.value.toLocaleString("en")}`;
    return html`<strong>${number}</strong> ${total.value === 1 ? what : `${what}s`}${
      hits.length < total.value
        ? html`<span class="quiet">, ${hits.length.toLocaleString("en")} loaded</span>`
        : null
    }${
      total.exact ? null : html`
        <button class="link" @click=${this.#onCountClick}>Count exactly</button>
      `
    }${this.selected.size > 0 ? html`, <strong>${this.selected.size}</strong> selected` : null}`;
  }

  #renderColumns() {
    return html`
      <details class="columns">
        <summary>Columns</summary>
        <div>${columns.map(({ id, title }) =>
          html`<label><input type="checkbox" value=${id} ?checked=${
            this.columns.includes(id)
          } @change=${this.#onColumnChange} />${title}</label>`
        )}</div>
      </details>
    `;
  }

  #renderState() {
    const { state, hits } = this.pages;
    switch (state.kind) {
      case "error":
        return html`<p class="error" role="alert">${state.message} <button @click=${this.#onAgainClick}>Try again</button></p>`;
      case "expired":
        return html`
          <p class="error"
            role="alert">These pages showed one moment, which is kept for five minutes after the last one was read.
                    <button @click=${this.#onRestartClick}>Search again</button></p>
        `;
      case "stopped":
        return html`<p class="empty">Stopped. <button @click=${this.#onAgainClick}>Search again</button></p>`;
      case "pending":
        return hits.length > 0 ? null : html`<p class="empty">Searching…</p>`;
      case "more":
        return html`<p class="state quiet">Loading more…</p>`;
      case "complete":
        return hits.length > 0
          ? null
          : html`<p class="empty">Nothing matches${
            this.terms.q === "" ? ": no file was analysed yet" : ""
          }.</p>`;
      default:
        return null;
    }
  }

  #renderTable(hits: readonly SearchHit[]) {
    const shown = columns.filter(({ id, from }) => this.columns.includes(id) && from <= this.width);
    const { start, end } = this.#window;
    const loaded = hits.length > 0 && this.selected.size === hits.length;
    return html`
      <div class="scroll ${this.pages.state.kind === "pending"
        ? "stale"
        : ""}" tabindex="0" role="region" aria-label="Results" @scroll=${this
        .#onScroll}
        @click=${this.#onTableClick}
        @change=${this.#onTableChange} @keydown=${this.#onKeyDown}>
        <table aria-rowcount=${this.pages.hasMore ? -1 : hits.length + 1}>
          <thead>
            <tr>
              <th class="check"><input type="checkbox" aria-label="Select all that are loaded" data-all
                .checked=${loaded} .indeterminate=${this.selected.size > 0 && !loaded} /></th>
              ${this.#renderHead("verdict", "Verdict", "score")} ${this.#renderHead("name", "Name", "name")}
              ${shown.map(({ id, title, sortable, numeric }) =>
                this.#renderHead(id, title, sortable ? id : null, numeric ? "number" : "")
              )}
            </tr>
          </thead>
          <tbody>
            <tr class="space before" aria-hidden="true"><td></td></tr>
            ${hits.slice(start, end).map((hit, at) => this.#renderRow(hit, start + at, shown))}
            <tr class="space after" aria-hidden="true"><td></td></tr>
          </tbody>
        </table>
      </div>
    `;
  }

  #renderHead(id: string, title: string, sort: string | null, look = "") {
    if (sort === null) return html`<th class="${id} ${look}" scope="col">${title}</th>`;
    const by = this.terms.sort ?? "-seen";
    const order = by === sort ? "ascending" : by === `-${sort}` ? "descending" : "none";
    const sign = order === "ascending" ? " ↑" : order === "descending" ? " ↓" : "";
    return html`<th class="${id} ${look}" scope="col" aria-sort=${order}>
      <button data-sort=${sort}>${title}${sign}</button></th>`;
  }

  #renderRow(hit: SearchHit, at: number, shown: readonly Column[]) {
    const name = hit.name === null ? hit.sha256 : showText(hit.name);
    return html`
      <tr class="hit ${at === this.current ? "current" : ""}" aria-rowindex=${at + 2}>
        <td class="check"><input type="checkbox" data-at=${at} aria-label="Select ${name}"
          .checked=${this.selected.has(hit.sha256)} /></td>
        <td class="verdict">${renderValue(
          "verdict",
          hit.verdict,
          html`<assay-verdict level=${hit.verdict} .score=${hit.score}></assay-verdict>`,
        )}</td>
        <td class="name">${renderName(hit, at)}</td>
        ${shown.map((column) =>
          html`<td class="${column.id} ${column.numeric ? "number" : ""}">${renderCell(column, hit)}</td>`
        )}
      </tr>
      ${at === this.unfolded
        ? html`
          <tr class="more">
            <td colspan=${3 + shown.length}>${renderUnfolded(hit)}</td>
          </tr>
        `
        : null}
    `;
  }

  get #window(): RowWindow {
    const { top, height, more } = this.view;
    const count = this.pages.hits.length;
    return windowOf({ count, row: ROW, top, height, unfolded: this.unfolded, more });
  }

  #forget(): void {
    this.current = -1;
    this.unfolded = -1;
    this.#last = -1;
    this.view = { ...this.view, top: 0, more: 0 };
    if (this.scroller) this.scroller.scrollTop = 0;
    if (this.selected.size > 0) this.#choose(new Set());
  }

  #go(to: number): void {
    if (to < 0 || to >= this.pages.hits.length) return;
    this.current = to;
    const { scroller, view: { more } } = this;
    const shift = this.unfolded >= 0 && to > this.unfolded ? more : 0;
    const top = to * ROW + shift;
    const head = this.renderRoot.querySelector("thead")?.clientHeight ?? 0;
    if (scroller && top < scroller.scrollTop) scroller.scrollTop = top;
    if (scroller && top + ROW + head > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + ROW + head - scroller.clientHeight;
    }
    this.#readScroll();
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(`[data-verb=open][data-at="${to}"]`)?.focus({
        preventScroll: true,
      });
    });
  }

  #open({ reportId }: SearchHit): void {
    this.dispatchEvent(new AssayNavigateEvent("report", reportId));
  }

  #unfold(at: number): void {
    this.unfolded = this.unfolded === at ? -1 : at;
    this.view = { ...this.view, more: 0 };
  }

  #select(at: number, on: boolean, from = at): void {
    const selected = new Set(this.selected);
    for (const { sha256 } of this.pages.hits.slice(Math.min(at, from), Math.max(at, from) + 1)) {
      if (on) selected.add(sha256);
      else selected.delete(sha256);
    }
    this.#last = at;
    this.#choose(selected);
  }

  #choose(selected: ReadonlySet<string>): void {
    this.selected = selected;
    this.dispatchEvent(new AssaySelectionEvent([...selected]));
  }

  #readScroll(): void {
    const top = Math.floor((this.scroller?.scrollTop ?? 0) / STEP) * STEP;
    if (top !== this.view.top) this.view = { ...this.view, top };
  }

  #onScroll(): void {
    this.#readScroll();
  }

  #onTableClick(event: MouseEvent): void {
    const button = (event.target as HTMLElement).closest<HTMLElement>("button, input[data-at]");
    if (button === null) return;
    const { verb, at, sort, field, value } = button.dataset;
    if (at !== undefined) this.current = Number(at);
    if (verb === "open") this.#open(this.pages.hits[Number(at)]!);
    if (sort !== undefined) this.#sort(sort);
    if (field !== undefined && value !== undefined) void this.menu.show(button, field, value);
    if (button instanceof HTMLInputElement) {
      this.#select(Number(at), button.checked, event.shiftKey && this.#last >= 0 ? this.#last : Number(at));
    }
  }

  #onTableChange(event: Event): void {
    const input = event.target as HTMLInputElement;
    if (input.dataset["all"] === undefined) return;
    this.#choose(new Set(input.checked ? this.pages.hits.map(({ sha256 }) => sha256) : []));
  }

  #sort(field: string): void {
    const by = this.terms.sort ?? "-seen";
    const first = field === "name" || field === "fileType" ? field : `-${field}`;
    const other = first === field ? `-${field}` : field;
    const sort = by === first ? other : first;
    this.dispatchEvent(new AssaySearchEvent({ ...this.terms, sort: sort === "-seen" ? null : sort }));
  }

  #onColumnChange(event: Event): void {
    const { value, checked } = event.target as HTMLInputElement;
    const wanted = columns.map(({ id }) => id).filter((id) =>
      id === value ? checked : this.columns.includes(id)
    );
    this.dispatchEvent(new AssayColumnsEvent(wanted));
  }

  #onKeyDown(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    if (!this.press(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #onCountClick(): void {
    void this.pages.countAll();
  }

  #onStopClick(): void {
    this.pages.stop();
  }

  #onAgainClick(): void {
    this.pages.again();
  }

  #onRestartClick(): void {
    this.#forget();
    this.pages.restart();
  }
}
