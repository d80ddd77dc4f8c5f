import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Client } from "./client.ts";
import { type EventListener, listen } from "./event-stream.ts";

/** Hits that come close together are counted once. */
const GATHER = 500;

/** How many notifications are unread, counted again with each hit that the event stream tells. */
export class HuntFeed implements ReactiveController, EventListener {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  #abort: AbortController | null = null;
  #unlisten: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counting stops at 1,000; null while it isn't known. Drawn by the host. */
  unread: number | null = null;
  /** Counts up with each news. */
  news = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Follows another client. */
  follow(client: Client | null): void {
    if (client === this.#client) return;
    this.#client = client;
    this.hostDisconnected();
    this.hostConnected();
  }

  hostConnected(): void {
    if (!this.#client || this.#abort) return;
    this.#abort = new AbortController();
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
    this.unread = null;
  }

  /** Counts again. */
  async refresh(): Promise<void> {
    const signal = this.#abort?.signal;
    if (!this.#client || !signal) return;
    try {
      const path = "/api/v1/notifications?size=1";
      const { unread } = await this.#client.json<{ unread: number }>(path, { signal });
      if (signal.aborted) return;
      this.unread = unread;
    } catch {
      if (signal.aborted) return;
      this.unread = null; // shown as unknown; the next hit or connection counts again
    }
    this.#host.requestUpdate();
  }

  onEvent(name: string): void {
    if (name !== "hunt.hit") return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.news++;
      void this.refresh();
    }, GATHER);
  }

  /** Nothing is drawn of it. */
  onLive(): void {}

  onMissed(): void {
    void this.refresh();
  }
}
