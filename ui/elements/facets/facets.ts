import { fields, type SearchTerms } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { ask, messageOf, type ValueCount } from "../../controllers/search.ts";
import { AssayFacetsEvent, AssaySearchEvent } from "../../events/events.ts";
import { dropPart, everything, partsOf, togglePart } from "../../terms.ts";
import { showText, showValue } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { usualFacets } from "../search/layout.ts";
import { styles } from "./facets.styles.ts";

const MOST_FIELDS = 20;
const VALUES = 8;
const MOST_PARTS = 20;
const countable = fields.filter(({ facet }) => facet).map(({ name }) => name);

interface Facet {
  readonly field: string;
  readonly values: readonly ValueCount[];
  readonly others: { readonly count: number; readonly exact: boolean };
  readonly exact: boolean;
  readonly without: number;
}

/**
 * The most frequent values of a result, field by field, with how many documents have them; a click keeps those alone or leaves them
 * out, a second one takes that back.
 *
 * @element assay-facets
 * @fires assay-search - The search was narrowed or widened.
 * @fires assay-facets - Other fields are wanted.
 */
export class AssayFacets extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  /** Names of the fields whose values are counted. */
  @property({ attribute: false })
  accessor fields: readonly string[] = usualFacets;

  #last: readonly Facet[] | null = null;

  readonly #counting = new Task(this, {
    args: () => [this.client, this.terms, this.fields] as const,
    task: async ([client, terms, fields], { signal }) => {
      if (!client || fields.length === 0) return [];
      const given = { fields, size: VALUES };
      const { items } = await ask<{ items: readonly Facet[] }>(
        client,
        "/api/v1/search/facets",
        terms,
        given,
        signal,
      );
      this.#last = items;
      return items;
    },
  });

  override render() {
    return html`
      <header>
        <h2>Narrow</h2>
      </header>
      ${this.#renderParts()}
      ${this.#counting.render({
        initial: () => null,
        // What was there stays in place until the new counts are: nothing jumps.
        pending: () => this.#last ? this.#renderFacets(this.#last) : html`<p class="quiet">Counting…</p>`,
        error: (cause) => this.#renderError(cause),
        complete: (facets) => this.#renderFacets(facets),
      })}
      <label class="add">Count another field
        <select @change=${this.#onFieldChange} ?disabled=${this.fields.length >= MOST_FIELDS}>
          <option value="">choose…</option>
          ${countable.filter((name) => !this.fields.includes(name)).map((name) =>
            html`<option value=${name}>${name}</option>`
          )}
        </select>
      </label>
    `;
  }

  /** What narrows the search already, each with a way to take it back. */
  #renderParts() {
    const parts = [...partsOf(this.terms)].slice(0, MOST_PARTS);
    if (parts.length === 0) return null;
    return html`<ul class="parts" aria-label="Conditions">${
      parts.map((part) =>
        html`<li><code title=${showText(cut(part))}>${showText(cut(part))}</code>
        <button class="leave" aria-label="Take back ${
          showText(cut(part))
        }" title="Take back" data-drop=${part} @click=${this.#onPartClick}>×</button></li>`
      )
    }</ul>`;
  }

  #renderError(cause: unknown) {
    return html`<p class="error" role="alert">${
      messageOf(cause)
    } <button @click=${this.#onAgainClick}>Try again</button></p>`;
  }

  #renderFacets(facets: readonly Facet[]) {
    const parts = partsOf(this.terms);
    const said = facets.filter(({ values, field }) => values.length > 0 || !usualFacets.includes(field));
    if (said.length === 0) return html`<p class="quiet">Nothing to count.</p>`;
    return said.map((facet) => this.#renderFacet(facet, parts));
  }

  #renderFacet({ field, values, others, exact, without }: Facet, parts: ReadonlySet<string>) {
    return html`
      <details open>
        <summary>${field}</summary>
        <ul>${values.map((value) => this.#renderValue(field, value, parts))}</ul>
        ${values.length === 0 ? html`<p class="quiet">No values.</p>` : null}
        ${others.count > 0
          ? html`<p class="quiet">${others.exact ? "" : "about "}${
            others.count.toLocaleString("en")
          } more values${exact ? "" : "; counts are estimates"}</p>`
          : null}
        ${without > 0 ? html`<p class="quiet">${without.toLocaleString("en")} without</p>` : null}
        ${usualFacets.includes(field)
          ? null
          : html`<p><button class="link" data-field=${field} @click=${this.#onDropClick}>Count no more</button></p>`}
      </details>
    `;
  }

  #renderValue(field: string, { value, count, include, exclude }: ValueCount, parts: ReadonlySet<string>) {
    const shown = showValue(field, value);
    return html`
      <li>
        <button class="keep" title=${shown} aria-pressed=${parts.has(include)} data-part=${include}
          data-opposite=${exclude} @click=${this.#onValueClick}>
          <span>${shown}</span><span class="number quiet">${count.toLocaleString("en")}</span>
        </button>
        <button class="leave" aria-label="Exclude ${field} ${shown}" title="Exclude" aria-pressed=${parts.has(
          exclude,
        )}
          data-part=${exclude} data-opposite=${include} @click=${this.#onValueClick}>−</button>
      </li>
    `;
  }

  #onValueClick(event: Event): void {
    const { part, opposite } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssaySearchEvent(togglePart(this.terms, part!, opposite!)));
  }

  #onPartClick(event: Event): void {
    const { drop } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssaySearchEvent(dropPart(this.terms, drop!)));
  }

  #onFieldChange(event: Event): void {
    const select = event.target as HTMLSelectElement;
    if (select.value !== "") this.dispatchEvent(new AssayFacetsEvent([...this.fields, select.value]));
    select.value = "";
  }

  #onDropClick(event: Event): void {
    const dropped = (event.currentTarget as HTMLElement).dataset["field"];
    this.dispatchEvent(new AssayFacetsEvent(this.fields.filter((field) => field !== dropped)));
  }

  #onAgainClick(): void {
    void this.#counting.run();
  }
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
