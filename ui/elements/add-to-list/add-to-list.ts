import type { SampleList } from "@assay/core";
import { consume } from "@lit/context";
import { css, html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf } from "../../controllers/search.ts";
import { WhoAsks } from "../../controllers/who-asks.ts";
import { AssayAnnotatedEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";

/** What was done last, so that it can be undone. */
interface Done {
  readonly id: string;
  readonly name: string;
  readonly changed: number;
}

/**
 * Puts a sample on a list of samples: one that is there or a new one, with undo.
 *
 * @element assay-add-to-list
 * @attr sha256 - The sample.
 * @fires assay-annotated - The sample was put on a list or taken off.
 */
export class AssayAddToList extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: end;
      }
      label {
        flex: 1 1 9rem;
        max-width: 20rem;
      }
      p {
        margin: 0.5rem 0 0;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @state()
  accessor chosen = "";
  @state()
  accessor busy = false;
  @state()
  accessor message = "";
  @state()
  accessor done: Done | null = null;

  readonly #who = new WhoAsks(this);
  readonly #lists = new Pages<SampleList>(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sha256")) {
      this.message = "";
      this.done = null;
    }
    this.#who.follow(this.client);
    this.#lists.follow(this.client, "/api/v1/lists?size=100");
  }

  override render() {
    const { state } = this.#lists;
    if (state.kind === "error") return renderFailure(state.cause, "list", this.#onAgain);
    if (state.kind !== "complete") return renderPending("lists");
    if (!this.#who.may("annotate")) {
      return html`<p class="quiet">Your key may not put samples on lists: it lacks the scope “annotate”.</p>`;
    }
    const isNew = this.chosen === "" || state.items.length === 0;
    return html`
      <form @submit=${this.#onFormSubmit}>
        ${state.items.length === 0 ? null : html`
          <label>List
            <select name="list" @change=${this.#onListChange}>
              <option value="">a new one…</option>
              ${state.items.map((list) =>
                html`<option value=${list.id} ?selected=${list.id === this.chosen}>${showText(list.name)}
                  (${list.samples})</option>`
              )}
            </select>
          </label>
        `}
        ${isNew
          ? html`<label>Name of the new list <input name="name" required maxlength="100" autocomplete="off" /></label>`
          : null}
        <button ?disabled=${this.busy}>Add to the list</button>
        ${state.page.cursor
          ? html`<button type="button" ?disabled=${state.loading} @click=${this.#onMoreClick}>More lists</button>`
          : null}
      </form>
      ${this.message || state.cause
        ? html`<p class="error" role="alert">${this.message || messageOf(state.cause)}</p>`
        : null}
      <div role="status">${this.done ? this.#renderDone(this.done) : null}</div>
    `;
  }

  #renderDone({ name, changed }: Done) {
    return changed === 0
      ? html`<p>It is on “${showText(name)}” already.</p>`
      : html`<p>Added to “${showText(name)}”. <button @click=${this.#onUndoClick}>Undo</button></p>`;
  }

  readonly #onAgain = () => void this.#lists.refresh();

  #onMoreClick(): void {
    void this.#lists.more();
  }

  #onListChange(event: Event): void {
    this.chosen = (event.target as HTMLSelectElement).value;
  }

  async #onFormSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const id = String(given.get("list") ?? "");
    await this.#run(async (client) => {
      const list = id === "" ? await this.#make(client, String(given.get("name"))) : this.#find(id)!;
      const { changed } = await client.json<{ changed: number }>(`/api/v1/lists/${list.id}/samples`, {
        method: "POST",
        body: JSON.stringify({ sha256s: [this.sha256] }),
        headers: { "content-type": "application/json" },
      });
      this.done = { id: list.id, name: list.name, changed };
    });
  }

  async #onUndoClick(): Promise<void> {
    const { id } = this.done!;
    await this.#run(async (client) => {
      await client.json(`/api/v1/lists/${id}/samples/${this.sha256}`, { method: "DELETE" });
      this.done = null;
    });
  }

  async #make(client: Client, name: string): Promise<SampleList> {
    const list = await client.json<SampleList>("/api/v1/lists", {
      method: "POST",
      body: JSON.stringify({ name }),
      headers: { "content-type": "application/json" },
    });
    this.chosen = list.id;
    return list;
  }

  #find(id: string): SampleList | undefined {
    const { state } = this.#lists;
    return state.kind === "complete" ? state.items.find((list) => list.id === id) : undefined;
  }

  async #run(act: (client: Client) => Promise<void>): Promise<void> {
    if (!this.client || this.busy) return;
    this.busy = true;
    this.message = "";
    try {
      await act(this.client);
      await this.#lists.refresh();
      this.dispatchEvent(new AssayAnnotatedEvent(this.sha256, "list"));
    } catch (cause) {
      this.message = messageOf(cause);
    } finally {
      this.busy = false;
    }
  }
}
