import type { Notification } from "@assay/core";
import { consume } from "@lit/context";
import { css, html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf, sendJson } from "../../controllers/search.ts";
import { AssayNavigateEvent, AssayReadEvent } from "../../events/events.ts";
import { formatTime, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";

/**
 * What the key's hunts came upon, newest first; opening one marks it as read.
 *
 * @element assay-notifications
 * @attr fresh - A number that counts up where there is news: the list is read again.
 * @fires assay-navigate - A report was chosen.
 * @fires assay-read - Notifications were marked as read.
 */
export class AssayNotifications extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 1rem;
        align-items: center;
        justify-content: space-between;
      }
      header label {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }
      tr.unread td:first-child {
        box-shadow: inset 3px 0 var(--_accent);
        font-weight: 600;
      }
      td:first-child {
        padding-inline-start: 0.75rem;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ type: Number })
  accessor fresh = 0;
  @state()
  accessor unread = false;
  @state()
  accessor failure = "";

  readonly #list = new Pages<Notification>(this);

  override willUpdate(changed: PropertyValues<this>): void {
    this.#list.follow(this.client, `/api/v1/notifications?size=50&unread=${this.unread}`);
    if (changed.has("fresh") && changed.get("fresh") !== undefined) void this.#list.refresh();
  }

  override render() {
    return html`
      <header>
        <h2>Notifications</h2>
        <label><input type="checkbox" .checked=${this.unread} @change=${this
          .#onUnreadChange} /> only unread</label>
        <button @click=${this.#onAllClick} ?disabled=${!this.#list.items.some(({ read }) =>
          read === null
        )}>Mark all as read</button>
      </header>
      ${this.failure ? html`<p class="error" role="alert">${this.failure}</p>` : null} ${this.#renderState()}
    `;
  }

  #renderState() {
    const list = this.#list;
    if (list.failure !== null) {
      return html`<p class="error" role="alert">${list.failure} <button @click=${this.#onAgainClick}>Try again</button></p>`;
    }
    if (list.items.length === 0) {
      return html`<p class="empty">${
        list.state.kind !== "complete"
          ? "Loading…"
          : this.unread
          ? "Everything is read."
          : "No hunt came upon anything yet."
      }</p>`;
    }
    return html`
      <table aria-label="Notifications">
        <thead>
          <tr>
            <th scope="col">Hunt</th>
            <th scope="col">Sample</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>${list.items.map(({ id, search, sha256, reportId, created, read }) =>
          html`
            <tr class=${read === null ? "unread" : ""}>
              <td>${showText(search)}</td>
              <td><button class="link mono" data-id=${id} data-report=${reportId} @click=${this
                .#onReportClick}>${sha256}</button></td>
              <td class="quiet">${formatTime(created)}</td>
            </tr>
          `
        )}</tbody>
      </table>
      ${list.hasMore ? html`<button @click=${this.#onMoreClick}>Show earlier ones</button>` : null}
    `;
  }

  async #read(body: { readonly ids?: readonly string[] }): Promise<void> {
    if (!this.client) return;
    this.failure = "";
    try {
      await sendJson(this.client, "POST", "/api/v1/notifications/read", body);
      this.dispatchEvent(new AssayReadEvent());
    } catch (cause) {
      this.failure = messageOf(cause);
    }
  }

  async #onReportClick(event: Event): Promise<void> {
    const { id, report } = (event.currentTarget as HTMLElement).dataset;
    await this.#read({ ids: [id!] });
    this.dispatchEvent(new AssayNavigateEvent("report", report!));
  }

  async #onAllClick(): Promise<void> {
    await this.#read({});
    await this.#list.refresh();
  }

  #onUnreadChange(event: Event): void {
    this.unread = (event.target as HTMLInputElement).checked;
  }

  #onAgainClick(): void {
    void this.#list.refresh();
  }

  #onMoreClick(): void {
    void this.#list.more();
  }
}
