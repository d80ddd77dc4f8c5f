import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Client } from "./client.ts";
import { messageOf } from "./search.ts";

/** A page as the API gives it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

/** How the list stands. `page` is the newest answer, `items` those of all pages asked for. */
export type PagesState<T, P extends Page<T>> =
  | { readonly kind: "initial" | "pending" }
  | { readonly kind: "error"; readonly cause: unknown }
  | {
    readonly kind: "complete";
    readonly page: P;
    readonly items: readonly T[];
    /** Where the next page couldn't be had: why. */
    readonly cause: unknown;
    readonly loading: boolean;
  };

/** A list that is read page by page; answers that come too late are dropped, and nothing is asked while unseen. */
export class Pages<T, P extends Page<T> = Page<T>> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  #path: string | null = null;
  #abort: AbortController | null = null;
  /** Drawn by the host. */
  state: PagesState<T, P> = { kind: "initial" };

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** What is there so far. */
  get items(): readonly T[] {
    return this.state.kind === "complete" ? this.state.items : [];
  }

  /** True where further pages are there. */
  get hasMore(): boolean {
    return this.state.kind === "complete" && this.state.page.cursor !== null;
  }

  /** Why the list couldn't be had; null where it could. */
  get failure(): string | null {
    return this.state.kind === "error" ? messageOf(this.state.cause) : null;
  }

  /** Follows another client or path (null: nothing is asked); does nothing where both are as before. */
  follow(client: Client | null, path: string | null): void {
    if (client === this.#client && path === this.#path) return;
    this.#client = client;
    this.#path = path;
    this.hostDisconnected();
    this.state = { kind: "initial" };
    this.hostConnected();
  }

  hostConnected(): void {
    if (this.#client && this.#path !== null && this.state.kind === "initial") void this.refresh();
  }

  hostDisconnected(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (this.state.kind !== "complete") this.state = { kind: "initial" };
  }

  /** Asks for the first page again; what is shown stays until it is there. */
  async refresh(): Promise<void> {
    if (this.state.kind !== "complete") this.#set({ kind: "pending" });
    await this.#ask(null, [], (cause) => ({ kind: "error", cause }));
  }

  /** Asks for the next page. */
  async more(): Promise<void> {
    const before = this.state;
    if (before.kind !== "complete" || before.loading || before.page.cursor === null) return;
    this.#set({ ...before, loading: true, cause: null });
    await this.#ask(before.page.cursor, before.items, (cause) => ({ ...before, cause }));
  }

  async #ask(
    cursor: string | null,
    before: readonly T[],
    failed: (cause: unknown) => PagesState<T, P>,
  ): Promise<void> {
    if (!this.#client || this.#path === null) return;
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    const glue = this.#path.includes("?") ? "&" : "?";
    const path = cursor === null ? this.#path : `${this.#path}${glue}cursor=${encodeURIComponent(cursor)}`;
    try {
      const page = await this.#client.json<P>(path, { signal });
      if (signal.aborted) return;
      this.#set({ kind: "complete", page, items: [...before, ...page.items], cause: null, loading: false });
    } catch (cause) {
      if (!signal.aborted) this.#set(failed(cause));
    }
  }

  #set(state: PagesState<T, P>): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
