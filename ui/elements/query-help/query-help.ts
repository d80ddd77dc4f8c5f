import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { css, html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { messageOf } from "../../controllers/search.ts";
import { AssayExampleEvent } from "../../events/events.ts";
import { controls } from "../../tokens/tokens.ts";

interface HelpField {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly example: string;
  readonly operators: readonly string[];
  readonly advanced: readonly string[];
}

interface Catalogue {
  readonly items: readonly HelpField[];
  readonly families: readonly HelpField[];
  /** How each operator is written. */
  readonly operators: Readonly<Record<string, string>>;
}

const ways = [
  ["verdict:malicious size:>=500kB", "Both must hold"],
  ["tag:packed OR entropy:>=7.2", "One must hold; parentheses group"],
  ["fileType:pe NOT pe.signed:true", "The second must not hold; - before a word says the same"],
  ['"This program cannot be run"', "A phrase in what any module found"],
  ["name:(*.exe OR *.dll)", "Several values of one field"],
  ["seen:[2024-05 TO now-7d]", "A range; {…} leaves the ends out; >= > <= < work too"],
  ["size:[500kB TO 2MiB}", "Sizes, decimal and binary"],
  ["ip:10.0.0.0/8", "A block of addresses"],
  ["pe.imphash:*", "Has any value"],
  ["name:=setup.exe", "All of a name, not words of it"],
] as const;

const keys = [
  ["/", "to the query"],
  ["j k", "next and previous hit"],
  ["o", "open its report"],
  ["x", "select it"],
  ["e", "show all of it"],
  ["?", "this help"],
] as const;

/**
 * What queries can say: how they are written, and every field with type, meaning and an example, as the API's own catalogue
 * tells it. A click puts the example into the query.
 *
 * @element assay-query-help
 * @fires assay-example - An example was chosen.
 */
export class AssayQueryHelp extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        max-height: 26rem;
        overflow: auto;
        padding: 1rem;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.25rem;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 1rem;
        align-items: end;
        justify-content: space-between;
      }
      button.link {
        font: 0.8125rem var(--_mono);
      }
      td {
        font-size: 0.875rem;
      }
      p {
        margin: 0;
      }
      .key {
        margin-inline-end: 1rem;
        white-space: nowrap;
      }
      kbd {
        padding: 0 0.3rem;
        font: 0.8125rem var(--_mono);
        border: 1px solid var(--_border);
        border-radius: 4px;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @state()
  accessor filter = "";

  readonly #fetching = new Task(this, {
    args: () => [this.client] as const,
    task: async ([client], { signal }) =>
      client && await client.json<Catalogue>("/api/v1/search/fields", { signal }),
  });

  override render() {
    return html`
      <div class="parts">
        <section>
          <h2>How queries are written</h2>
          <table>
            <tbody>${ways.map(([example, meaning]) =>
              html`
                <tr>
                  <td>${this.#renderExample(example)}</td>
                  <td>${meaning}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </section>
        <p>Keys: ${keys.map(([key, meaning]) =>
          html`<span class="key"><kbd>${key}</kbd> ${meaning}</span>`
        )}</p>
        <section>${this.#fetching.render({
          initial: () => null,
          pending: () => html`<p class="empty">Loading the fields…</p>`,
          error: (cause) => html`<p class="error" role="alert">${messageOf(cause)}</p>`,
          complete: (catalogue) => catalogue && this.#renderFields(catalogue),
        })}</section>
      </div>
    `;
  }

  #renderFields({ items, families, operators }: Catalogue) {
    const needle = this.filter.trim().toLowerCase();
    const fitting = [...items, ...families].filter(({ name, description }) =>
      `${name} ${description}`.toLowerCase().includes(needle)
    );
    return html`
      <header>
        <h2>Fields</h2>
        <label>Find a field
          <input type="search" .value=${this.filter} @input=${this.#onFilterInput} />
        </label>
      </header>
      ${fitting.length === 0 ? html`<p class="empty">No field is called so.</p>` : html`
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Type</th>
              <th scope="col">What</th>
              <th scope="col">Example</th>
            </tr>
          </thead>
          <tbody>${fitting.map((field) =>
            html`
              <tr>
                <td class="mono">${field.name}</td>
                <td>${field.type}</td>
                <td>${field.description}<br />
                  <small class="quiet">${field.operators.map((name) => operators[name]).join(
                    " · ",
                  )}${field.advanced.length > 0
                    ? `; mode advanced: ${field.advanced.map((name) => operators[name]).join(" · ")}`
                    : ""}</small></td>
                <td>${this.#renderExample(exampleOf(field))}</td>
              </tr>
            `
          )}</tbody>
        </table>
      `}
    `;
  }

  #renderExample(text: string) {
    return html`<button class="link" data-text=${text} @click=${this.#onExampleClick}>${text}</button>`;
  }

  #onFilterInput(event: Event): void {
    this.filter = (event.target as HTMLInputElement).value;
  }

  #onExampleClick(event: Event): void {
    const { text } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayExampleEvent(text!));
  }
}

/** Fields of the catalogue give a value, families a whole condition. */
function exampleOf({ name, example }: HelpField): string {
  return name.includes("<") ? example : `${name}:${example}`;
}
