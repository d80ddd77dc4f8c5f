import { css, html, LitElement } from "lit";
import { state } from "lit/decorators.js";
import type { Client, TokenProvider } from "../controllers/client.ts";
import type { AssayKeyGivenEvent, AssayNavigateEvent } from "../events/events.ts";
import { controls } from "../tokens/tokens.ts";

/** The tab keeps the key until it is closed; embedded elements never store anything. */
const KEY = "assay-key";

/** The page: sign in, hand in files, watch tasks, read a report. Where it stands is in the address. */
export class AssayApp extends LitElement {
  static override styles = [
    controls,
    css`
      assay-scope {
        min-height: 100vh;
        background: var(--assay-surface, light-dark(#ffffff, #14181d));
      }
      .top {
        display: flex;
        align-items: center;
        gap: 1rem;
        min-height: 3.6rem;
        padding: 0 1.5rem;
        border-bottom: 1px solid var(--_border);
        background: var(--_surface-raised);
      }
      .top h1,
      .top p {
        margin: 0;
        font-size: 1rem;
      }
      .top a {
        font-weight: 700;
        font-size: 1.125rem;
        letter-spacing: -0.01em;
        color: var(--_text);
        text-decoration: none;
      }
      .top nav {
        flex: 1;
        display: flex;
        gap: 1rem;
        justify-content: end;
        align-items: center;
      }
      .top nav a {
        font-weight: 500;
        font-size: 0.9375rem;
        color: var(--_text-quiet);
      }
      main {
        max-width: 76rem;
        margin: 0 auto;
        padding: 1.5rem;
      }
      .home {
        display: grid;
        gap: 2rem;
      }
      .back {
        margin-bottom: 1rem;
      }
    `,
  ];

  @state()
  accessor key: string | null = sessionStorage.getItem(KEY);
  @state()
  accessor refusal = "";
  @state()
  accessor report: string | null = new URLSearchParams(location.search).get("report");
  @state()
  accessor message = "";

  /** A new one with each key, so that no client goes on with the token of the last. */
  @state()
  accessor provider: TokenProvider | null = this.#provide(this.key);

  override connectedCallback(): void {
    super.connectedCallback();
    globalThis.addEventListener("popstate", this.#onPopState);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    globalThis.removeEventListener("popstate", this.#onPopState);
  }

  override render() {
    return html`
      <assay-scope .tokenProvider=${this.provider} @assay-navigate=${this.#onNavigate}>
        <header class="top">
          ${this.report && this.key !== null
            ? html`<p><a href="/" @click=${this.#onHomeClick}>Assay</a></p>`
            : html`<h1><a href="/" @click=${this.#onHomeClick}>Assay</a></h1>`}
          <nav>
            <a href="/api/docs">API</a>
            ${this.key === null ? null : html`<button @click=${this.#onSignOutClick}>Sign out</button>`}
          </nav>
        </header>
        <main>${this.key === null
          ? this.#renderSignIn()
          : this.report
          ? this.#renderReport()
          : this.#renderHome()}</main>
      </assay-scope>
    `;
  }

  #renderSignIn() {
    return html`<assay-sign-in message=${this.refusal} @assay-key-given=${this.#onKeyGiven}></assay-sign-in>`;
  }

  #renderHome() {
    return html`
      <div class="home">
        <assay-upload></assay-upload>
        <assay-task-list></assay-task-list>
      </div>
    `;
  }

  #renderReport() {
    return html`
      <button class="back" @click=${this.#onHomeClick}>← All analyses</button>
      ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      <assay-report report-id=${this.report!}></assay-report>
    `;
  }

  #onKeyGiven(event: AssayKeyGivenEvent): void {
    this.refusal = "";
    this.key = event.key;
    this.provider = this.#provide(event.key);
    sessionStorage.setItem(KEY, event.key);
  }

  #provide(key: string | null): TokenProvider | null {
    if (key === null) return null;
    return ({ reason }) => {
      if (reason !== "unauthorized") return Promise.resolve({ token: key, expiresAt: null });
      this.#signOut("The key is unknown, expired or revoked. Give another one.");
      return Promise.reject(new Error("Sign in again"));
    };
  }

  #onSignOutClick(): void {
    this.#signOut("");
  }

  #signOut(refusal: string): void {
    sessionStorage.removeItem(KEY);
    this.key = null;
    this.provider = null;
    this.refusal = refusal;
  }

  async #onNavigate(event: AssayNavigateEvent): Promise<void> {
    const { kind, id } = event.goal;
    this.message = "";
    if (kind === "report") return this.#go(id);
    const scope = this.renderRoot.querySelector("assay-scope") as
      | (HTMLElement & { client: Client | null })
      | null;
    try {
      const sample = await scope!.client!.json<{ reportId: string | null }>(`/api/v1/samples/${id}`);
      if (sample.reportId) this.#go(sample.reportId);
      else this.message = "That file has no report yet; it may still be in the queue.";
    } catch (cause) {
      this.message = cause instanceof Error ? cause.message : String(cause);
    }
  }

  #go(report: string | null): void {
    this.report = report;
    history.pushState(null, "", report ? `/?report=${encodeURIComponent(report)}` : "/");
    scrollTo({ top: 0 });
  }

  #onHomeClick(event: Event): void {
    event.preventDefault();
    this.message = "";
    this.#go(null);
  }

  readonly #onPopState = () => {
    this.report = new URLSearchParams(location.search).get("report");
  };
}
