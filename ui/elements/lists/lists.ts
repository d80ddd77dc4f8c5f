import type { ListedSample, SampleList } from "@assay/core";
import { consume } from "@lit/context";
import { css, html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf, type PageOf, sendJson } from "../../controllers/search.ts";
import { AssayListEvent, AssayNavigateEvent, AssaySearchEvent } from "../../events/events.ts";
import { everything } from "../../terms.ts";
import { formatTime, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { dialogs } from "../../tokens/dialog.ts";
import type { AssayConfirm } from "../confirm/confirm.ts";
import { readLabel, renderLabel, sharing } from "../shelf/label.ts";

/** Samples of a list that are looked for at once. */
const MOST = 1000;

/**
 * Lists of samples, one's own and those shared: make one, share it, see what is on it, search in it, take samples off, delete it.
 *
 * @element assay-lists
 * @attr list-id - The list that is open; none where it is empty.
 * @fires assay-list - Another list is to be open.
 * @fires assay-search - The samples of a list are to be searched.
 * @fires assay-navigate - A sample was chosen.
 */
export class AssayLists extends LitElement {
  static override styles = [
    controls,
    dialogs,
    css`
      :host {
        display: grid;
        gap: 1.25rem;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem;
        align-items: center;
      }
      header h2 {
        flex: 1;
      }
      .table {
        overflow-x: auto;
      }
      td small {
        display: block;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: "list-id" })
  accessor listId = "";
  /** The list whose label is changed; null for a new one. */
  @state()
  accessor chosen: SampleList | null = null;
  @state()
  accessor failure = "";
  @state()
  accessor message = "";
  @query("dialog")
  accessor dialog!: HTMLDialogElement;
  @query("assay-confirm")
  accessor confirm!: AssayConfirm;

  readonly #lists = new Pages<SampleList>(this);
  readonly #samples = new Pages<ListedSample>(this);

  override willUpdate(): void {
    this.#lists.follow(this.client, "/api/v1/lists?size=50");
    const path = this.listId === ""
      ? null
      : `/api/v1/lists/${encodeURIComponent(this.listId)}/samples?size=100`;
    this.#samples.follow(this.client, path);
  }

  override render() {
    return html`
      <header>
        <h2>Lists of samples</h2>
        <button class="primary" @click=${this.#onNewClick}>New list…</button>
      </header>
      <p role="status" class="quiet" ?hidden=${this.message === ""}>${this.message}</p>
      ${this.failure ? html`<p class="error" role="alert">${this.failure}</p>` : null}
      ${this.#renderLists()} ${this.listId === "" ? null : this.#renderList()} ${this.#renderDialog()}
      <assay-confirm verb="Delete">Delete the list “${showText(
        this.chosen?.name ?? "",
      )}”? Nothing is done to its samples.</assay-confirm>
    `;
  }

  #renderLists() {
    const list = this.#lists;
    if (list.failure !== null) {
      return html`<p class="error" role="alert">${list.failure} <button @click=${this.#onAgainClick}>Try again</button></p>`;
    }
    if (list.items.length === 0) {
      return html`<p class="empty">${
        list.state.kind === "complete"
          ? "No list yet. Make one, and put samples on it from a search."
          : "Loading…"
      }</p>`;
    }
    return html`
      <div class="table">
        <table aria-label="Lists">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Seen by</th>
              <th scope="col" class="number">Samples</th>
            </tr>
          </thead>
          <tbody>${list.items.map(({ id, name, description, tlp, author, samples }) =>
            html`
              <tr>
                <td><button class="link" aria-current=${id === this.listId} data-id=${id} @click=${this
                  .#onListClick}>${showText(name)}</button>
                  ${description ? html`<small class="quiet">${showText(description)}</small>` : null}</td>
                <td>${sharing(tlp)} <small class="quiet">by ${showText(author)}</small></td>
                <td class="number">${samples.toLocaleString("en")}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
      ${list.hasMore ? html`<button @click=${this.#onMoreListsClick}>Show earlier ones</button>` : null}
    `;
  }

  #renderList() {
    const { state, items, failure, hasMore } = this.#samples;
    if (failure !== null) return html`<p class="error" role="alert">${failure}</p>`;
    const open = this.#lists.items.find(({ id }) => id === this.listId);
    return html`
      <section>
        <header>
          <h2>${showText(open?.name ?? "List")}</h2>
          <button @click=${this.#onSearchClick} ?disabled=${items.length === 0}>Search in it</button>
          ${open
            ? html`
              <button @click=${this.#onChangeClick}>Change…</button>
              <button @click=${this.#onDeleteClick}>Delete…</button>
            `
            : null}
        </header>
        ${items.length === 0
          ? html`<p class="empty">${
            state.kind === "complete" ? "No sample on it that this key sees." : "Loading…"
          }</p>`
          : html`
            <div class="table">
              <table aria-label="Samples on the list">
                <thead>
                  <tr>
                    <th scope="col">SHA-256</th>
                    <th scope="col">Put there by</th>
                    <th scope="col">When</th>
                    <th scope="col"><span class="quiet">Action</span></th>
                  </tr>
                </thead>
                <tbody>${items.map(({ sha256, author, added }) =>
                  html`
                    <tr>
                      <td><button class="link mono" data-sha256=${sha256} @click=${this
                        .#onSampleClick}>${sha256}</button></td>
                      <td>${showText(author)}</td>
                      <td class="quiet">${formatTime(added)}</td>
                      <td><button data-sha256=${sha256} aria-label="Take off ${sha256.slice(
                        0,
                        12,
                      )}" @click=${this.#onTakeClick}>Take off</button></td>
                    </tr>
                  `
                )}</tbody>
              </table>
            </div>
            ${hasMore ? html`<button @click=${this.#onMoreSamplesClick}>Show more</button>` : null}
          `}
      </section>
    `;
  }

  #renderDialog() {
    return html`
      <dialog aria-labelledby="title">
        <h2 id="title">${this.chosen ? "Change the list" : "A new list"}</h2>
        <form @submit=${this.#onSubmit}>
          ${renderLabel(this.chosen)}
          <div class="buttons">
            <button type="button" @click=${this.#onCancelClick}>Cancel</button>
            <button class="primary">Save</button>
          </div>
        </form>
      </dialog>
    `;
  }

  async #try(action: (client: Client) => Promise<void>): Promise<void> {
    if (!this.client) return;
    this.failure = "";
    this.message = "";
    try {
      await action(this.client);
    } catch (cause) {
      this.failure = messageOf(cause);
    }
  }

  async #show(chosen: SampleList | null): Promise<void> {
    this.chosen = chosen;
    await this.updateComplete;
    this.renderRoot.querySelector("form")!.reset();
    this.dialog.showModal();
  }

  #openList(): SampleList | null {
    return this.#lists.items.find(({ id }) => id === this.listId) ?? null;
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const label = readLabel(new FormData(event.target as HTMLFormElement));
    this.dialog.close();
    void this.#try(async (client) => {
      if (this.chosen) await sendJson(client, "PUT", `/api/v1/lists/${this.chosen.id}`, label);
      else {
        const made = await sendJson<SampleList>(client, "POST", "/api/v1/lists", label);
        this.dispatchEvent(new AssayListEvent(made.id));
      }
      await this.#lists.refresh();
    });
  }

  async #onDeleteClick(): Promise<void> {
    this.chosen = this.#openList();
    await this.updateComplete;
    if (this.chosen === null || !await this.confirm.ask()) return;
    await this.#try(async (client) => {
      await client.json(`/api/v1/lists/${this.chosen!.id}`, { method: "DELETE" });
      this.message = `Deleted “${showText(this.chosen!.name)}”.`;
      this.dispatchEvent(new AssayListEvent(""));
      await this.#lists.refresh();
    });
  }

  async #onTakeClick(event: Event): Promise<void> {
    const { sha256 } = (event.currentTarget as HTMLElement).dataset;
    await this.#try(async (client) => {
      await client.json(`/api/v1/lists/${this.listId}/samples/${sha256}`, { method: "DELETE" });
      await Promise.all([this.#samples.refresh(), this.#lists.refresh()]);
    });
  }

  /** Looks for the samples by their digests, which a query takes as a list. */
  async #onSearchClick(): Promise<void> {
    await this.#try(async (client) => {
      const sha256s: string[] = [];
      for (let cursor: string | null = ""; cursor !== null && sha256s.length < MOST;) {
        const query = new URLSearchParams({ size: "100", ...cursor !== "" && { cursor } });
        const page: PageOf<ListedSample> = await client.json(
          `/api/v1/lists/${this.listId}/samples?${query}`,
        );
        sha256s.push(...page.items.map(({ sha256 }) => sha256));
        cursor = page.cursor;
      }
      this.dispatchEvent(new AssaySearchEvent({ ...everything, q: sha256s.slice(0, MOST).join(" ") }));
    });
  }

  #onListClick(event: Event): void {
    const { id } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayListEvent(id!));
  }

  #onSampleClick(event: Event): void {
    const { sha256 } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("sample", sha256!));
  }

  #onNewClick(): void {
    void this.#show(null);
  }

  #onChangeClick(): void {
    void this.#show(this.#openList());
  }

  #onCancelClick(): void {
    this.dialog.close();
  }

  #onAgainClick(): void {
    void this.#lists.refresh();
  }

  #onMoreListsClick(): void {
    void this.#lists.more();
  }

  #onMoreSamplesClick(): void {
    void this.#samples.more();
  }
}
