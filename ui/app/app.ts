import type { SearchTerms } from "@assay/core";
import { html, LitElement } from "lit";
import { query, state } from "lit/decorators.js";
import type { TokenProvider } from "../controllers/client.ts";
import { messageOf } from "../controllers/search.ts";
import type { AssayBell } from "../elements/bell/bell.ts";
import type { AssayScope } from "../elements/scope/scope.ts";
import { usualLayout } from "../elements/search/layout.ts";
import type { AssaySearch } from "../elements/search/search.ts";
import type {
  AssayColumnsEvent,
  AssayFacetsEvent,
  AssayHistogramFieldEvent,
  AssayKeyGivenEvent,
  AssayListEvent,
  AssayNavigateEvent,
  AssayPivotEvent,
  AssaySearchEvent,
} from "../events/events.ts";
import { everything, pivotTo } from "../terms.ts";
import { controls } from "../tokens/tokens.ts";
import { styles } from "./app.styles.ts";
import { keyOf } from "./keys.ts";
import { forgetRecent, noteRecent, readRecent } from "./recent.ts";
import { addressOf, readRoute, type Route } from "./route.ts";
import { renderView, views } from "./views.ts";

/** The tab keeps the key until it is closed; embedded elements never store anything. */
const KEY = "assay-key";

type SearchRoute = Extract<Route, { view: "search" }>;
const newSearch: SearchRoute = { view: "search", terms: everything, layout: usualLayout };

/** The page: sign in, hand in files, watch tasks, search, keep searches, hunts and lists, read a report. Where it stands is in the address. */
export class AssayApp extends LitElement {
  static override styles = [controls, styles];

  @state()
  accessor key: string | null = sessionStorage.getItem(KEY);
  @state()
  accessor refusal = "";
  @state()
  accessor route: Route = readRoute(location.search, history.state);
  /** The search that was shown last: it stays as it is while a report is read. */
  @state()
  accessor search: SearchRoute | null = this.route.view === "search" ? this.route : null;
  @state()
  accessor recent: readonly SearchTerms[] = readRecent();
  @state()
  accessor message = "";
  /** Counts up with each hit of a hunt. */
  @state()
  accessor news = 0;
  @query("assay-scope")
  accessor scope!: AssayScope;
  @query("assay-search")
  accessor searching!: AssaySearch | null;

  /** A new one with each key, so that no client goes on with the token of the last. */
  @state()
  accessor provider: TokenProvider | null = this.#provide(this.key);

  override connectedCallback(): void {
    super.connectedCallback();
    globalThis.addEventListener("popstate", this.#onPopState);
    globalThis.addEventListener("keydown", this.#onKeyDown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    globalThis.removeEventListener("popstate", this.#onPopState);
    globalThis.removeEventListener("keydown", this.#onKeyDown);
  }

  override render() {
    return html`
      <assay-scope .tokenProvider=${this.provider} @assay-navigate=${this.#onNavigate} @assay-search=${this
        .#onSearch}
        @assay-columns=${this.#onColumns} @assay-facets=${this
          .#onFacets} @assay-histogram-field=${this.#onHistogramField}
        @assay-pivot=${this.#onPivot} @assay-list=${this.#onList} @assay-news=${this
          .#onNews} @assay-read=${this
          .#onRead}>
        <header class="top">
          ${this.#renderBrand()}
          <nav aria-label="Views">${this.key === null ? null : this.#renderViews()}</nav>
          <nav aria-label="More">
            <a href="/api/docs">API</a>
            ${this.key === null
              ? null
              : html`${this.#renderBell()}<button @click=${this.#onSignOutClick}>Sign out</button>`}
          </nav>
        </header>
        <main class=${this.route.view === "search" ? "wide" : ""}>${this.key === null
          ? html`<assay-sign-in message=${this.refusal} @assay-key-given=${this.#onKeyGiven}></assay-sign-in>`
          : this.#renderView()}</main>
      </assay-scope>
    `;
  }

  #renderBrand() {
    const link = html`<a class="brand" href="/" @click=${this.#onLinkClick}>Assay</a>`;
    return this.route.view === "report" && this.key !== null ? html`<p>${link}</p>` : html`<h1>${link}</h1>`;
  }

  #renderViews() {
    return views.map(([view, label, address]) =>
      html`<a href=${address} aria-current=${
        view === this.route.view ? "page" : "false"
      } @click=${this.#onLinkClick}>${label}</a>`
    );
  }

  #renderBell() {
    const current = this.route.view === "notifications" ? "page" : "false";
    return html`<a href="/?view=notifications" aria-current=${current} @click=${this.#onLinkClick}>
      <assay-bell>Notifications</assay-bell></a>`;
  }

  #renderView() {
    const { route, search } = this;
    return html`
      ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      ${route.view === "report"
        ? html`<button class="back" @click=${this.#onBackClick}>← ${
          search ? "Results" : "All analyses"
        }</button>`
        : null}
      ${renderView(route, this.news)}
      ${search
        ? html`<assay-search ?hidden=${
          route.view !== "search"
        } .terms=${search.terms} .layout=${search.layout} .recent=${this.recent}></assay-search>`
        : null}
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
    forgetRecent();
    this.recent = [];
    this.search = this.route.view === "search" ? this.route : null;
    this.key = null;
    this.provider = null;
    this.refusal = refusal;
  }

  async #onNavigate(event: AssayNavigateEvent): Promise<void> {
    const { kind, id } = event.goal;
    if (kind === "report") return this.#go({ view: "report", id });
    if (kind === "compare") return this.#go({ view: "compare", id, other: event.goal.other });
    this.message = "";
    try {
      const sample = await this.scope.client!.json<{ reportId: string | null }>(`/api/v1/samples/${id}`);
      if (sample.reportId) this.#go({ view: "report", id: sample.reportId });
      else this.message = "That file has no report yet; it may still be in the queue.";
    } catch (cause) {
      this.message = messageOf(cause);
    }
  }

  #go(route: Route): void {
    this.#stand(route);
    const { address, kept } = addressOf(route);
    history.pushState(kept, "", address);
    scrollTo({ top: 0 });
  }

  #stand(route: Route): void {
    this.message = "";
    // The same search again is the one that is there: its hits stay.
    const isSame = this.search !== null && JSON.stringify(route) === JSON.stringify(this.search);
    this.route = isSame ? this.search! : route;
    if (this.route.view === "search") this.search = this.route;
  }

  /** Another search, or another look at it: a step in the history, without a jump. */
  #change(change: Partial<SearchRoute>): void {
    const route = { ...this.search ?? newSearch, ...change };
    this.#stand(route);
    const { address, kept } = addressOf(route);
    if (address !== location.pathname + location.search || kept !== null) {
      history.pushState(kept, "", address);
    }
  }

  #onSearch({ terms }: AssaySearchEvent): void {
    this.recent = noteRecent(terms);
    this.#change({ terms });
  }

  /** A value of a report: those of the search are dealt with there. */
  #onPivot(event: AssayPivotEvent): void {
    if (event.defaultPrevented) return;
    const { how, field, value } = event;
    const route = this.search ?? newSearch;
    const terms = pivotTo(route.terms, how, field, value);
    if (terms === null) this.message = "That value is empty or too long to be searched for.";
    else this.#go({ ...route, terms });
  }

  #onColumns({ columns }: AssayColumnsEvent): void {
    this.#change({ layout: { ...(this.search ?? newSearch).layout, columns } });
  }

  #onFacets({ fields }: AssayFacetsEvent): void {
    this.#change({ layout: { ...(this.search ?? newSearch).layout, facets: fields } });
  }

  #onHistogramField({ field }: AssayHistogramFieldEvent): void {
    this.#change({ layout: { ...(this.search ?? newSearch).layout, over: field } });
  }

  #onList({ listId }: AssayListEvent): void {
    this.#go({ view: "lists", id: listId });
  }

  #onNews(): void {
    this.news++;
  }

  #onRead(): void {
    this.renderRoot.querySelector<AssayBell>("assay-bell")?.refresh();
  }

  #onLinkClick(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { search } = new URL((event.currentTarget as HTMLAnchorElement).href);
    const route = readRoute(search, null);
    this.#go(route.view === "search" ? this.search ?? newSearch : route);
  }

  #onBackClick(): void {
    this.#go(this.search ?? { view: "home" });
  }

  readonly #onPopState = (event: PopStateEvent) => this.#stand(readRoute(location.search, event.state));

  readonly #onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event);
    if (key === null || this.key === null) return;
    if (key === "/" && this.route.view !== "search") {
      this.#go(this.search ?? newSearch);
      event.preventDefault();
      void this.updateComplete.then(() => this.searching?.updateComplete).then(() =>
        this.searching?.press("/")
      );
    } else if (this.route.view === "search" && this.searching?.press(key)) event.preventDefault();
  };
}
