import type { Hunt, SavedSearch } from "@assay/core";
import { consume } from "@lit/context";
import { css, html, LitElement, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf } from "../../controllers/search.ts";
import { AssaySearchEvent } from "../../events/events.ts";
import { formatTime, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import type { AssayConfirm } from "../confirm/confirm.ts";
import type { AssayHunt } from "../hunt/hunt.ts";
import type { AssaySaveSearch } from "../save-search/save-search.ts";
import { sharing } from "../shelf/label.ts";

/**
 * Saved searches, one's own and those shared, with their hunts: run one, change it, share it, let it hunt, let its hunt look at what is
 * there already, delete it.
 *
 * @element assay-searches
 * @attr fresh - A number that counts up where a hunt came upon something: its hits are read again.
 * @fires assay-search - A search is to be run.
 */
export class AssaySearches extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .table {
        overflow-x: auto;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem;
        justify-content: end;
      }
      td small {
        display: block;
      }
      td.query {
        max-width: 26rem;
      }
      .stopped {
        color: var(--_malicious);
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ type: Number })
  accessor fresh = 0;
  @state()
  accessor chosen: SavedSearch | null = null;
  @state()
  accessor message = "";
  @state()
  accessor failure = "";
  @query("assay-save-search")
  accessor saving!: AssaySaveSearch;
  @query("assay-hunt")
  accessor hunting!: AssayHunt;
  @query("assay-confirm")
  accessor confirm!: AssayConfirm;

  readonly #searches = new Pages<SavedSearch>(this);
  readonly #hunts = new Pages<Hunt>(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("fresh") && changed.get("fresh") !== undefined) void this.#hunts.refresh();
    this.#searches.follow(this.client, "/api/v1/searches?size=50");
    this.#hunts.follow(this.client, "/api/v1/hunts?size=100");
  }

  override render() {
    const { chosen } = this;
    const hunt = chosen && this.#huntOf(chosen);
    return html`
      <h2>Saved searches and hunts</h2>
      <p role="status" class="quiet">${this.message}</p>
      ${this.failure ? html`<p class="error" role="alert">${this.failure}</p>` : null} ${this.#renderState()}
      <assay-save-search .search=${chosen} @assay-shelf-change=${this.#onChange}></assay-save-search>
      <assay-hunt .search=${chosen} .hunt=${hunt} @assay-shelf-change=${this.#onChange}></assay-hunt>
      <assay-confirm
        verb="Delete">Delete the saved search “${showText(chosen?.name ?? "")}”${hunt
          ? " and its hunt"
          : ""}? Nothing is done to the samples that it finds.</assay-confirm>
    `;
  }

  #renderState() {
    const list = this.#searches;
    if (list.failure !== null) {
      return html`<p class="error" role="alert">${list.failure} <button @click=${this.#onAgainClick}>Try again</button></p>`;
    }
    if (list.items.length === 0) {
      return list.state.kind === "complete"
        ? html`<p class="empty">No search is saved. Make one under “Search” and save it there.</p>`
        : html`<p class="empty">Loading…</p>`;
    }
    return html`
      <div class="table">
        <table aria-label="Saved searches">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Query</th>
              <th scope="col">Seen by</th>
              <th scope="col">Hunt</th>
              <th scope="col" class="number">Actions</th>
            </tr>
          </thead>
          <tbody>${list.items.map((search) => this.#renderSearch(search))}</tbody>
        </table>
      </div>
      ${list.hasMore ? html`<button @click=${this.#onMoreClick}>Show earlier ones</button>` : null}
    `;
  }

  #renderSearch(search: SavedSearch) {
    const hunt = this.#huntOf(search);
    const { id, name, q, scope, mode, tlp, author, description } = search;
    return html`
      <tr>
        <td>
          <button class="link" data-id=${id} @click=${this.#onRunClick}>${showText(name)}</button>
          ${description ? html`<small class="quiet">${showText(description)}</small>` : null}
        </td>
        <td class="query mono">${q === "" ? "everything" : showText(cut(q))}
          <small class="quiet">${scope}${mode === "default" ? "" : `, ${mode}`}</small></td>
        <td>${sharing(tlp)}
          <small class="quiet">by ${showText(author)}</small></td>
        <td>${renderHunt(hunt)}</td>
        <td>
          <div class="actions">
            <button data-id=${id} @click=${this.#onHuntClick}>Hunt…</button>
            ${hunt && hunt.stopped === null
              ? html`<button data-id=${id} @click=${this.#onRetroClick}>Look back</button>`
              : null}
            <button data-id=${id} @click=${this.#onChangeClick}>Change…</button>
            <button data-id=${id} @click=${this.#onDeleteClick}>Delete…</button>
          </div>
        </td>
      </tr>
    `;
  }

  #huntOf({ id }: SavedSearch): Hunt | null {
    return this.#hunts.items.find(({ searchId }) => searchId === id) ?? null;
  }

  /** The search whose button that is. */
  #searchOf(event: Event): SavedSearch {
    const { id } = (event.currentTarget as HTMLElement).dataset;
    return this.#searches.items.find((search) => search.id === id)!;
  }

  async #try(action: (client: Client) => Promise<string>): Promise<void> {
    if (!this.client) return;
    this.message = "";
    this.failure = "";
    try {
      this.message = await action(this.client);
    } catch (cause) {
      this.failure = messageOf(cause);
    }
  }

  #onRunClick(event: Event): void {
    const { q, scope, mode, sort } = this.#searchOf(event);
    this.dispatchEvent(new AssaySearchEvent({ q, scope, mode, sort }));
  }

  #onHuntClick(event: Event): void {
    this.chosen = this.#searchOf(event);
    void this.updateComplete.then(() => this.hunting.show());
  }

  #onChangeClick(event: Event): void {
    this.chosen = this.#searchOf(event);
    void this.updateComplete.then(() => this.saving.show());
  }

  async #onRetroClick(event: Event): Promise<void> {
    const { id, name } = this.#searchOf(event);
    await this.#try(async (client) => {
      await client.json(`/api/v1/searches/${id}/hunt/retro`, { method: "POST" });
      return `The hunt of “${showText(name)}” looks at everything that is there; hits come as notifications.`;
    });
  }

  async #onDeleteClick(event: Event): Promise<void> {
    const search = this.#searchOf(event);
    this.chosen = search;
    await this.updateComplete;
    if (!await this.confirm.ask()) return;
    await this.#try(async (client) => {
      await client.json(`/api/v1/searches/${search.id}`, { method: "DELETE" });
      await this.#onChange();
      return `Deleted “${showText(search.name)}”.`;
    });
  }

  async #onChange(): Promise<void> {
    await Promise.all([this.#searches.refresh(), this.#hunts.refresh()]);
  }

  #onAgainClick(): void {
    void this.#onChange();
  }

  #onMoreClick(): void {
    void this.#searches.more();
  }
}

function renderHunt(hunt: Hunt | null) {
  if (hunt === null) return html`<span class="quiet">none</span>`;
  const { hits, lastHit, lastError, stopped, tags, rescan, notify } = hunt;
  const does = [
    ...notify ? ["tells"] : [],
    ...tags.length > 0 ? [`tags ${tags.map(showText).join(", ")}`] : [],
    ...rescan !== null ? [`analyses with ${rescan.join(", ")}`] : [],
  ];
  return html`
    ${stopped === null
      ? html`live, ${hits.toLocaleString("en")} ${hits === 1 ? "hit" : "hits"}`
      : html`<span class="stopped">stopped: ${showText(stopped)}</span>`}
    <small class="quiet">${does.join("; ") || "only counts"}${lastHit
      ? `; last ${formatTime(lastHit).slice(0, 16)}`
      : ""}</small>
    ${lastError ? html`<small class="stopped">${showText(lastError)}</small>` : null}
  `;
}

function cut(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
