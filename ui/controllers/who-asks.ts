import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Client, KeySelf } from "./client.ts";

/** The key that asks, so that nothing is offered that it may not do; until it is known, or where it can't be, nothing is. */
export class WhoAsks implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  /** Null until it is known. */
  key: KeySelf | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Follows another client; does nothing where it is as before. */
  follow(client: Client | null): void {
    if (client === this.#client) return;
    this.#client = client;
    this.key = null;
    void this.#look(client);
  }

  /** True where it has the scope, or all of them. */
  may(scope: string): boolean {
    return this.key !== null && (this.key.scopes.includes(scope) || this.key.scopes.includes("admin"));
  }

  async #look(client: Client | null): Promise<void> {
    try {
      const key = await client?.self() ?? null;
      if (client !== this.#client) return;
      this.key = key;
      this.#host.requestUpdate();
    } catch {
      // What the element reads tells what is wrong; it offers nothing to write meanwhile.
    }
  }
}
