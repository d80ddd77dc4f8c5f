import type { Task } from "@assay/core";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Client } from "./client.ts";
import { type EventListener, listen } from "./event-stream.ts";

/** Tasks as the API gives them. */
export interface TaskPage {
  readonly items: readonly Task[];
  readonly cursor: string | null;
}

/** How the feed stands. */
export type FeedState =
  | { readonly kind: "initial" | "pending" }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "complete"; readonly tasks: readonly Task[]; readonly cursor: string | null };

const PAGE = 50;
/** Events that come close together ask for the list once. */
const GATHER = 250;

/** The newest tasks, kept fresh by server-sent events; where those fail, it says so and connects again. */
export class TaskFeed implements ReactiveController, EventListener {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  #abort: AbortController | null = null;
  #unlisten: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #status = "";
  #tasks = new Map<string, Task>();
  #cursor: string | null = null;
  /** Drawn by the host. */
  state: FeedState = { kind: "initial" };
  /** False while the live connection is down. */
  live = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Follows another client or filter; does nothing where both are as before. */
  follow(client: Client | null, status: string): void {
    if (client === this.#client && status === this.#status) return;
    this.#client = client;
    this.#status = status;
    this.hostDisconnected();
    this.hostConnected();
  }

  hostConnected(): void {
    if (!this.#client || this.#abort) return;
    this.#abort = new AbortController();
    this.#tasks.clear();
    this.#set({ kind: "pending" });
    void this.refresh();
    this.#unlisten = listen(this.#client, this);
  }

  hostDisconnected(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#unlisten?.();
    this.#unlisten = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Asks for the newest page again. */
  async refresh(): Promise<void> {
    await this.#load(null);
  }

  /** Asks for the next page. */
  async more(): Promise<void> {
    await this.#load(this.#cursor);
  }

  async #load(cursor: string | null): Promise<void> {
    const signal = this.#abort?.signal;
    if (!this.#client || !signal) return;
    const query = new URLSearchParams({ size: String(PAGE), ...(this.#status && { status: this.#status }) });
    if (cursor) query.set("cursor", cursor);
    try {
      const page = await this.#client.json<TaskPage>(`/api/v1/tasks?${query}`, { signal });
      if (this.#status && !cursor) this.#tasks.clear(); // what left the filter is gone
      for (const task of page.items) this.#tasks.set(task.id, task);
      if (cursor || this.#tasks.size <= PAGE) this.#cursor = page.cursor;
      const tasks = [...this.#tasks.values()].sort((a, b) => a.id < b.id ? 1 : -1);
      this.#set({ kind: "complete", tasks, cursor: this.#cursor });
    } catch (cause) {
      if (!signal.aborted) {
        this.#set({ kind: "error", message: cause instanceof Error ? cause.message : String(cause) });
      }
    }
  }

  onEvent(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, GATHER);
  }

  onLive(live: boolean): void {
    this.live = live;
    this.#host.requestUpdate();
  }

  onMissed(): void {
    void this.refresh();
  }

  #set(state: FeedState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
