import { consume } from "@lit/context";
import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { HuntFeed } from "../../controllers/hunt-feed.ts";
import { AssayNewsEvent } from "../../events/events.ts";
import { controls } from "../../tokens/tokens.ts";

/**
 * The number of unread notifications beside a link's text; it counts up as hunts come upon reports.
 *
 * @element assay-bell
 * @fires assay-news - A hunt came upon something.
 */
export class AssayBell extends LitElement {
  static override styles = [
    controls,
    css`
      b {
        display: inline-block;
        min-width: 1.5em;
        padding: 0 0.4em;
        text-align: center;
        font-size: 0.75rem;
        line-height: 1.6;
        border-radius: 999px;
        color: var(--_accent-text);
        background: var(--_accent);
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;

  readonly #feed = new HuntFeed(this);
  #told = 0;

  override willUpdate(): void {
    this.#feed.follow(this.client);
  }

  override updated(): void {
    if (this.#feed.news === this.#told) return;
    this.#told = this.#feed.news;
    this.dispatchEvent(new AssayNewsEvent());
  }

  override render() {
    const { unread } = this.#feed;
    return html`<slot></slot> <span role="status">${
      unread ? html`<b aria-label="${unread} unread">${unread >= 1000 ? "999+" : unread}</b>` : null
    }</span>`;
  }

  /** Counts again, after some were read. */
  refresh(): void {
    void this.#feed.refresh();
  }
}
