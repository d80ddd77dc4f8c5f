import type { SavedSearch, SearchTerms } from "@assay/core";
import { consume } from "@lit/context";
import { html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { messageOf, sendJson } from "../../controllers/search.ts";
import { AssayShelfChangeEvent } from "../../events/events.ts";
import { everything } from "../../terms.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { dialogs } from "../../tokens/dialog.ts";
import { readLabel, renderLabel, type ShelfLabel } from "../shelf/label.ts";

/**
 * Saves a search under a name, for oneself or for all who are cleared for a level; with `search` it changes one that is saved.
 * Opened by `show()`.
 *
 * @element assay-save-search
 * @fires assay-shelf-change - The search was saved.
 */
export class AssaySaveSearch extends LitElement {
  static override styles = [controls, dialogs];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  /** What is saved. */
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  /** The saved search that is changed; null for a new one. */
  @property({ attribute: false })
  accessor search: SavedSearch | null = null;
  @state()
  accessor message = "";
  @state()
  accessor sending = false;
  @query("dialog")
  accessor dialog!: HTMLDialogElement;

  /** Opens the dialog. */
  async show(): Promise<void> {
    this.message = "";
    await this.updateComplete;
    this.renderRoot.querySelector("form")!.reset();
    this.dialog.showModal();
  }

  override render() {
    const { search } = this;
    const q = search?.q ?? this.terms.q;
    return html`
      <dialog aria-labelledby="title">
        <h2 id="title">${search ? "Change the saved search" : "Save this search"}</h2>
        <form @submit=${this.#onSubmit}>
          ${search
            ? html`<label>Query<textarea name="q" rows="3" maxlength="8192" spellcheck="false"
                .defaultValue=${q}></textarea></label>`
            : html`<p class="mono quiet">${
              q === "" ? "Everything" : showText(q.length > 300 ? `${q.slice(0, 300)}…` : q)
            }</p>`}
          ${renderLabel(search)}
          ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
          <div class="buttons">
            <button type="button" @click=${this.#onCancelClick}>Cancel</button>
            <button class="primary" ?disabled=${this.sending}>Save</button>
          </div>
        </form>
      </dialog>
    `;
  }

  async #save(label: ShelfLabel & SearchTerms): Promise<void> {
    if (!this.client || this.sending) return;
    this.sending = true;
    this.message = "";
    try {
      const path = "/api/v1/searches";
      if (this.search) await sendJson(this.client, "PUT", `${path}/${this.search.id}`, label);
      else await sendJson(this.client, "POST", path, label);
      this.dialog.close();
      this.dispatchEvent(new AssayShelfChangeEvent("search"));
    } catch (cause) {
      this.message = messageOf(cause);
    } finally {
      this.sending = false;
    }
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const { scope, mode, sort, q } = this.search ?? this.terms;
    const asked = this.search ? String(form.get("q")).trim() : q;
    void this.#save({ ...readLabel(form), q: asked, scope, mode, sort });
  }

  #onCancelClick(): void {
    this.dialog.close();
  }
}
