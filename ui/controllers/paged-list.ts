import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Client } from "./client.ts";
import { messageOf, type PageOf } from "./search.ts";

/** A list of the API, page after page, newest first; each further page goes behind what is there. */
export class PagedList<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  #path: string | null = null;
  #abort: AbortController | null = null;
  #cursor: string | null = null;
  /** Drawn by the host. */
  state: "initial" | "pending" | "error" | "complete" = "initial";
  items: readonly T[] = [];
  /** Why it failed. */
  message = "";

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#abort?.abort();
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** Follows another client or list (null for none); does nothing where both are as before. */
  follow(client: Client | null, path: string | null): void {
    if (client === this.#client && path === this.#path) return;
    this.#client = client;
    this.#path = path;
    this.items = [];
    void this.refresh();
  }

  /** Asks for the first page again; what is there stays in sight until then. */
  async refresh(): Promise<void> {
    await this.#load(null);
  }

  /** Asks for the next page. */
  async more(): Promise<void> {
    await this.#load(this.#cursor);
  }

  async #load(cursor: string | null): Promise<void> {
    this.#abort?.abort();
    if (!this.#client || this.#path === null) return;
    const { signal } = this.#abort = new AbortController();
    this.#set("pending");
    const sign = this.#path.includes("?") ? "&" : "?";
    const query = new URLSearchParams({ size: "50", ...cursor !== null && { cursor } });
    try {
      const page = await this.#client.json<PageOf<T>>(`${this.#path}${sign}${query}`, { signal });
      if (signal.aborted) return;
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.#cursor = page.cursor;
      this.#set("complete");
    } catch (cause) {
      if (signal.aborted) return;
      this.message = messageOf(cause);
      this.#set("error");
    }
  }

  #set(state: PagedList<T>["state"]): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
