import type { SearchTerms } from "@assay/core";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Client, Problem } from "./client.ts";
import { ask, messageOf, type SearchAnswer, type SearchHit } from "./search.ts";

/** How a result stands. */
export type PagesState =
  | { readonly kind: "initial" | "pending" | "complete" | "stopped" }
  /** The first page is there, a further one is asked for. */
  | { readonly kind: "more" }
  /** The moment that the pages show is no longer kept. */
  | { readonly kind: "expired" }
  | { readonly kind: "error"; readonly message: string };

const PAGE = 100;

/** The hits of a search, page after page, all of one moment; a later search drops what is still under way. */
export class SearchPages implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  #terms: SearchTerms | null = null;
  #abort: AbortController | null = null;
  #cursor: string | null = null;
  /** Drawn by the host. */
  state: PagesState = { kind: "initial" };
  hits: readonly SearchHit[] = [];
  total: SearchAnswer["total"] | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#abort?.abort();
  }

  /** True where further pages are there. */
  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** Follows another client or search; does nothing where both are as before. */
  follow(client: Client | null, terms: SearchTerms): void {
    if (client === this.#client && terms === this.#terms) return;
    this.#client = client;
    this.#terms = terms;
    this.restart();
  }

  /** Asks anew, for what there is now; the hits that are there stay until the new ones come. */
  restart(): void {
    this.#cursor = null;
    this.total = null;
    if (this.#client) void this.#load("pending");
  }

  /** Asks for the next page, unless something is asked for already. */
  more(): void {
    if (this.#cursor !== null && this.state.kind === "complete") void this.#load("more");
  }

  /** Asks for a page again that failed, or for all of it. */
  again(): void {
    if (this.#cursor === null) this.restart();
    else void this.#load("more");
  }

  /** Gives up what is asked for, here and at the server. */
  stop(): void {
    if (this.state.kind !== "pending" && this.state.kind !== "more") return;
    this.#abort?.abort();
    if (this.state.kind === "pending") this.hits = [];
    this.#set({ kind: "stopped" });
  }

  /** Counts all hits where counting stopped early. */
  async countAll(): Promise<void> {
    const { signal } = this.#abort ?? new AbortController();
    try {
      const given = { show: "count", size: 1 };
      const { total } = await ask<SearchAnswer>(
        this.#client!,
        "/api/v1/search",
        this.#terms!,
        given,
        signal,
      );
      if (signal.aborted) return;
      this.total = total;
      this.#host.requestUpdate();
    } catch (cause) {
      if (!signal.aborted) this.#set({ kind: "error", message: messageOf(cause) });
    }
  }

  async #load(kind: "pending" | "more"): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#set({ kind });
    try {
      const given = {
        size: PAGE,
        sort: this.#terms!.sort ?? undefined,
        cursor: this.#cursor ?? undefined,
      };
      const answer = await ask<SearchAnswer>(
        this.#client!,
        "/api/v1/search",
        this.#terms!,
        given,
        abort.signal,
      );
      if (abort.signal.aborted) return;
      this.hits = kind === "more" ? [...this.hits, ...answer.items] : answer.items;
      this.total = answer.total;
      this.#cursor = answer.cursor;
      this.#set({ kind: "complete" });
    } catch (cause) {
      if (abort.signal.aborted) return;
      if (kind === "pending") this.hits = [];
      const expired = cause instanceof Problem && cause.code === "cursor-expired";
      this.#set(expired ? { kind: "expired" } : { kind: "error", message: messageOf(cause) });
    }
  }

  #set(state: PagesState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
