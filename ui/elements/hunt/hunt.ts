import type { Hunt, SavedSearch } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { css, html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { messageOf, sendJson } from "../../controllers/search.ts";
import { AssayShelfChangeEvent } from "../../events/events.ts";
import { showText } from "../../text.ts";
import { tlpLevels } from "../../tlp.ts";
import { controls } from "../../tokens/tokens.ts";
import { dialogs } from "../../tokens/dialog.ts";

interface ModuleList {
  readonly items: readonly { readonly name: string }[];
}

/**
 * Turns a saved search into a live hunt, which looks at each new report: what it does with a hit (tell, tag, analyse again), and
 * its end. Opened by `show()`.
 *
 * @element assay-hunt
 * @fires assay-shelf-change - The hunt was made, changed or ended.
 */
export class AssayHunt extends LitElement {
  static override styles = [
    controls,
    dialogs,
    css`
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr));
        gap: 0.3rem;
        max-height: 9rem;
        overflow: auto;
        border: 1px solid var(--_border);
        border-radius: 6px;
      }
      legend {
        font-size: 0.8125rem;
        color: var(--_text-quiet);
      }
      .danger {
        color: var(--_malicious);
        margin-inline-end: auto;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: false })
  accessor search: SavedSearch | null = null;
  /** The hunt that is changed; null for a new one. */
  @property({ attribute: false })
  accessor hunt: Hunt | null = null;
  @state()
  accessor message = "";
  @state()
  accessor open = false;
  @query("dialog")
  accessor dialog!: HTMLDialogElement;

  readonly #modules = new Task(this, {
    args: () => [this.open ? this.client : null] as const,
    task: async ([client], { signal }) =>
      client === null ? [] : (await client.json<ModuleList>("/api/v1/modules", { signal })).items,
  });

  /** Opens the dialog. */
  async show(): Promise<void> {
    this.message = "";
    this.open = true;
    await this.updateComplete;
    this.renderRoot.querySelector("form")!.reset();
    this.dialog.showModal();
  }

  override render() {
    const { hunt } = this;
    return html`
      <dialog aria-labelledby="title" @close=${this.#onClose}>
        <h2 id="title">${hunt ? "The hunt of" : "Hunt with"} “${showText(this.search?.name ?? "")}”</h2>
        <form @submit=${this.#onSubmit}>
          <p class="quiet">Each new report that this search finds, as this key sees it then, is a hit once.</p>
          <label class="inline"><input type="checkbox" name="notify" .defaultChecked=${hunt?.notify ??
            true} /> Tell me</label>
          <label>Give it these tags<input name="tags" placeholder="caught, case-7" autocomplete="off"
            .defaultValue=${hunt?.tags.join(", ") ?? ""} /></label>
          <label>Level of the tags
            <select name="tlp">${tlpLevels.map((level) =>
              html`<option value=${level} ?selected=${
                level === (hunt?.tlp ?? "amber")
              }>TLP:${level.toUpperCase()}</option>`
            )}</select>
          </label>
          <fieldset>
            <legend>Analyse it again with</legend>
            ${this.#modules.render({
              initial: () => null,
              pending: () => html`<span class="quiet">Loading…</span>`,
              error: (cause) => html`<p class="error" role="alert">${messageOf(cause)}</p>`,
              complete: (modules) =>
                modules.map(({ name }) =>
                  html`<label class="inline"><input type="checkbox" name="rescan" value=${name}
                    .defaultChecked=${hunt?.rescan?.includes(name) ?? false} /> ${name}</label>`
                ),
            })}
          </fieldset>
          ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
          <div class="buttons">
            ${hunt
              ? html`<button type="button" class="danger" @click=${this.#onEndClick}>End the hunt</button>`
              : null}
            <button type="button" @click=${this.#onCancelClick}>Cancel</button>
            <button class="primary">${hunt ? "Save" : "Start"}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  async #send(ask: (client: Client, path: string) => Promise<unknown>): Promise<void> {
    if (!this.client || !this.search) return;
    this.message = "";
    try {
      await ask(this.client, `/api/v1/searches/${this.search.id}/hunt`);
      this.dialog.close();
      this.dispatchEvent(new AssayShelfChangeEvent("hunt"));
    } catch (cause) {
      this.message = messageOf(cause);
    }
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const tags = String(form.get("tags")).split(",").map((tag) => tag.trim()).filter((tag) => tag !== "");
    const rescan = form.getAll("rescan").map(String);
    const body = {
      tags,
      tlp: String(form.get("tlp")),
      notify: form.has("notify"),
      rescan: rescan.length > 0 ? rescan : null,
    };
    void this.#send((client, path) => sendJson(client, "PUT", path, body));
  }

  #onEndClick(): void {
    void this.#send((client, path) => client.json(path, { method: "DELETE" }));
  }

  #onCancelClick(): void {
    this.dialog.close();
  }

  #onClose(): void {
    this.open = false;
  }
}
