import type { SearchTerms } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { css, html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { ask, messageOf, type ValueCount } from "../../controllers/search.ts";
import { AssaySearchEvent } from "../../events/events.ts";
import { everything, togglePart } from "../../terms.ts";
import { showValue } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";

interface Significant {
  readonly total: number;
  readonly background: number;
  readonly sampled: boolean;
  readonly items: readonly {
    readonly field: string;
    readonly values: readonly (ValueCount & { readonly backgroundCount: number })[];
  }[];
}

/**
 * What a result has in common and the rest lacks: values whose share in it is much larger than in all that the key sees. Asked for
 * when it is unfolded.
 *
 * @element assay-significant
 * @fires assay-search - The search was narrowed.
 */
export class AssaySignificant extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      summary {
        cursor: pointer;
        font-size: 0.8125rem;
        line-height: 1.75rem;
        color: var(--_accent);
      }
      .table {
        overflow: auto;
        max-height: 22rem;
        margin-top: 0.5rem;
      }
      td button.link {
        text-align: start;
      }
      td,
      th {
        padding-block: 0.2rem;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  @state()
  accessor open = false;

  readonly #asking = new Task(this, {
    args: () => [this.open ? this.client : null, this.terms] as const,
    task: async ([client, terms], { signal }) =>
      client && await ask<Significant>(client, "/api/v1/search/significant", terms, {}, signal),
  });

  override render() {
    return html`
      <details @toggle=${this.#onToggle}>
        <summary>What stands out</summary>
        ${this.#asking.render({
          initial: () => null,
          pending: () => html`<p class="quiet">Comparing with everything else…</p>`,
          error: (cause) => html`<p class="error" role="alert">${messageOf(cause)}</p>`,
          complete: (found) => found && this.#renderFound(found),
        })}
      </details>
    `;
  }

  #renderFound({ items, total, background, sampled }: Significant) {
    if (items.length === 0) {
      return html`<p class="quiet">${
        total === background
          ? "This is everything: narrow the search to compare it with the rest."
          : "No value is much more frequent here than elsewhere."
      }</p>`;
    }
    return html`
      <div class="table" tabindex="0" role="region" aria-label="What stands out">
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Value</th>
              <th scope="col" class="number">Here, of ${total.toLocaleString("en")}</th>
              <th scope="col" class="number">In all, of ${background.toLocaleString("en")}</th>
            </tr>
          </thead>
          <tbody>${items.flatMap(({ field, values }) =>
            values.map((value) =>
              html`
                <tr>
                  <td class="mono">${field}</td>
                  <td><button class="link" data-part=${value.include} data-opposite=${value
                    .exclude} @click=${this
                    .#onValueClick}>${showValue(field, value.value)}</button></td>
                  <td class="number">${value.count.toLocaleString("en")}</td>
                  <td class="number">${value.backgroundCount.toLocaleString("en")}</td>
                </tr>
              `
            )
          )}</tbody>
        </table>
        ${sampled
          ? html`<p class="quiet">Values were looked for in a part of the result; counts are of all of it.</p>`
          : null}
      </div>
    `;
  }

  #onToggle(event: ToggleEvent): void {
    this.open = event.newState === "open";
  }

  #onValueClick(event: Event): void {
    const { part, opposite } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssaySearchEvent(togglePart(this.terms, part!, opposite!)));
  }
}
