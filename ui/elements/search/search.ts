import type { SavedSearch, SearchTerms } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import type { PageOf } from "../../controllers/search.ts";
import { WhoAsks } from "../../controllers/who-asks.ts";
import {
  type AssayColumnsEvent,
  type AssayExampleEvent,
  type AssayFacetsEvent,
  type AssayHistogramFieldEvent,
  type AssayPivotEvent,
  AssaySearchEvent,
  type AssaySelectionEvent,
} from "../../events/events.ts";
import { everything, pivotTo } from "../../terms.ts";
import { controls } from "../../tokens/tokens.ts";
import type { AssayQuery } from "../query/query.ts";
import type { AssayResults } from "../results/results.ts";
import type { AssaySaveSearch } from "../save-search/save-search.ts";
import { type SearchLayout, usualLayout } from "./layout.ts";
import { styles } from "./search.styles.ts";

/**
 * Search in one piece: query, help, histogram, facets, what stands out, what can be done to all of it, and results. It keeps the search that is shown; a page that
 * wants it in its address listens and sets it from outside.
 *
 * @element assay-search
 * @fires assay-search - Another search is shown.
 * @fires assay-columns - Other columns are shown.
 * @fires assay-facets - Values of other fields are counted.
 * @fires assay-histogram-field - The histogram is over another field.
 * @fires assay-navigate - A report was chosen.
 */
export class AssaySearch extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  @property({ attribute: false })
  accessor layout: SearchLayout = usualLayout;
  /** Searches that were made before, newest first. */
  @property({ attribute: false })
  accessor recent: readonly SearchTerms[] = [];
  @state()
  accessor helps = false;
  /** True where facets are shown though there is no room beside the results. */
  @state()
  accessor unfolded = false;
  @state()
  accessor message = "";
  /** SHA-256 of the selected samples. */
  @state()
  accessor selected: readonly string[] = [];
  /** True where something was done to what is shown. */
  @state()
  accessor acted = false;
  @query("assay-query")
  accessor box!: AssayQuery;
  @query("assay-save-search")
  accessor saving!: AssaySaveSearch;
  @query("assay-results")
  accessor results!: AssayResults;

  readonly #who = new WhoAsks(this);
  readonly #saved = new Task(this, {
    args: () => [this.client] as const,
    task: async ([client], { signal }) =>
      client === null
        ? []
        : (await client.json<PageOf<SavedSearch>>("/api/v1/searches?size=100", { signal })).items,
  });

  override willUpdate(): void {
    this.#who.follow(this.client);
  }

  override render() {
    const { terms, layout } = this;
    return html`
      <div @assay-search=${this.#onSearch} @assay-pivot=${this.#onPivot} @assay-columns=${this
        .#onColumns} @assay-facets=${this.#onFacets}
        @assay-histogram-field=${this.#onHistogramField} @assay-selection=${this.#onSelection}>
        <div class="head">
          <assay-query .terms=${terms} .recent=${this.recent} .saved=${this.#saved.value ?? []}></assay-query>
          <button aria-expanded=${this.helps} aria-controls="help" aria-label="Help" title="Help (?)"
            @click=${this
              .#onHelpClick}>?</button>
        </div>
        <div id="help" @assay-example=${this.#onExample}>${this.helps
          ? html`<assay-query-help></assay-query-help>`
          : null}</div>
        <div role="status">${this.message ? html`<p class="error">${this.message}</p>` : null}</div>
        <button class="unfold" aria-expanded=${this.unfolded} aria-controls="narrow"
          @click=${this
            .#onUnfoldClick}>Narrow by values</button>
        <div class="parts">
          <aside id="narrow" class=${this.unfolded ? "unfolded" : ""} aria-label="Values in the result">
            <assay-facets .terms=${terms} .fields=${layout.facets}></assay-facets>
          </aside>
          <div class="main">
            <assay-histogram .terms=${terms} field=${layout.over}></assay-histogram>
            <assay-significant .terms=${terms}></assay-significant>
            <div class="tools">
              ${this.#who.may("annotate")
                ? html`<button @click=${this.#onSaveClick}>Save search…</button>`
                : null}
              <assay-bulk .terms=${terms} .selected=${this.selected} @assay-acted=${this
                .#onActed}></assay-bulk>
            </div>
            ${this.acted
              ? html`<p class="acted" role="status">The result may differ now. <button @click=${this.#onRestartClick}>Search again</button></p>`
              : null}
            <assay-results .terms=${terms} .columns=${layout.columns}></assay-results>
          </div>
        </div>
        <assay-save-search .terms=${terms} @assay-shelf-change=${this.#onShelfChange}></assay-save-search>
      </div>
    `;
  }

  /** Does what a key stands for: `/` the query, `?` help, and those of the results; true where it stands for something. */
  press(key: string): boolean {
    if (key === "/") this.box.focus();
    else if (key === "?") this.helps = !this.helps;
    else return this.results.press(key);
    return true;
  }

  #onSearch(event: AssaySearchEvent): void {
    this.message = "";
    this.acted = false;
    this.terms = event.terms;
  }

  #onPivot(event: AssayPivotEvent): void {
    const { how, field, value } = event;
    event.preventDefault();
    const terms = pivotTo(this.terms, how, field, value);
    if (terms === null) this.message = "That value is empty or too long to be searched for.";
    else this.box.dispatchEvent(new AssaySearchEvent(terms));
  }

  #onColumns({ columns }: AssayColumnsEvent): void {
    this.layout = { ...this.layout, columns };
  }

  #onFacets({ fields }: AssayFacetsEvent): void {
    this.layout = { ...this.layout, facets: fields };
  }

  #onHistogramField({ field }: AssayHistogramFieldEvent): void {
    this.layout = { ...this.layout, over: field };
  }

  #onExample({ text }: AssayExampleEvent): void {
    this.box.write(text);
  }

  #onSelection({ sha256s }: AssaySelectionEvent): void {
    this.selected = sha256s;
  }

  #onSaveClick(): void {
    void this.saving.show();
  }

  #onShelfChange(): void {
    void this.#saved.run();
  }

  #onActed(): void {
    this.acted = true;
  }

  #onRestartClick(): void {
    this.acted = false;
    this.terms = { ...this.terms };
  }

  #onHelpClick(): void {
    this.helps = !this.helps;
  }

  #onUnfoldClick(): void {
    this.unfolded = !this.unfolded;
  }
}
