import type { Client } from "./client.ts";

const RECONNECT = { first: 1000, most: 30_000 };

/** Hears what the API tells as it happens. */
export interface EventListener {
  /** `name` as the API has it, e.g. `task` or `hunt.hit`. */
  onEvent(name: string): void;
  /** False while the connection is down. */
  onLive(live: boolean): void;
  /** Events may have been missed: what was asked for before may be old. */
  onMissed(): void;
}

const streams = new WeakMap<Client, EventStream>();

/** Listens until the function that it gives is called. All listeners of a client share one connection: browsers have few to a server. */
export function listen(client: Client, listener: EventListener): () => void {
  let stream = streams.get(client);
  if (stream === undefined) streams.set(client, stream = new EventStream(client));
  return stream.add(listener);
}

class EventStream {
  readonly #client: Client;
  readonly #listeners = new Set<EventListener>();
  #abort: AbortController | null = null;
  #live = false;

  constructor(client: Client) {
    this.#client = client;
  }

  add(listener: EventListener): () => void {
    this.#listeners.add(listener);
    if (this.#live) listener.onLive(true);
    if (this.#abort === null) {
      this.#abort = new AbortController();
      void this.#run(this.#abort.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#abort?.abort();
      this.#abort = null;
      this.#live = false;
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let wait = RECONNECT.first; !signal.aborted; wait = Math.min(2 * wait, RECONNECT.most)) {
      try {
        const opened = () => {
          wait = RECONNECT.first;
          this.#setLive(true);
        };
        for await (const { event } of this.#client.events("/api/v1/events", signal, opened)) {
          for (const listener of this.#listeners) listener.onEvent(event);
        }
      } catch {
        // told by `onLive`; the next turn connects again
      }
      if (signal.aborted) return;
      this.#setLive(false);
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (signal.aborted) return;
      for (const listener of this.#listeners) listener.onMissed();
    }
  }

  #setLive(live: boolean): void {
    this.#live = live;
    for (const listener of this.#listeners) listener.onLive(live);
  }
}
