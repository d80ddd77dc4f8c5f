import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Client } from "./client.ts";
import { messageOf } from "./search.ts";

/** Long work of the API, as its owner sees it. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly status: "pending" | "running" | "complete" | "failed" | "cancelled";
  readonly done: number;
  /** Null while it isn't known. */
  readonly total: number | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
}

/** Milliseconds between two looks at a job; the wait doubles, since long work stays long. */
const PAUSE = { first: 500, most: 5000 };

/** Watches one job until it is over. */
export class JobWatch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #abort: AbortController | null = null;
  /** As it was seen last. Drawn by the host. */
  job: Job | null = null;
  /** Why it can't be looked at. */
  failure = "";

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#abort?.abort();
  }

  /** True until it is complete, failed or cancelled. */
  get isOpen(): boolean {
    return this.job !== null && (this.job.status === "pending" || this.job.status === "running");
  }

  /** Watches this job from now on; ends when it is over, or another is watched. */
  async watch(client: Client, id: string): Promise<void> {
    this.forget();
    const { signal } = this.#abort = new AbortController();
    for (let pause = PAUSE.first; !signal.aborted; pause = Math.min(2 * pause, PAUSE.most)) {
      await this.#look(() => client.json<Job>(`/api/v1/jobs/${id}`, { signal }), signal);
      if (!this.isOpen) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Asks for its end. */
  async cancel(client: Client): Promise<void> {
    const { job } = this;
    if (job === null || this.#abort === null) return;
    await this.#look(
      () => client.json<Job>(`/api/v1/jobs/${job.id}/cancel`, { method: "POST" }),
      this.#abort.signal,
    );
  }

  /** Watches nothing any more. */
  forget(): void {
    this.#abort?.abort();
    this.job = null;
    this.failure = "";
    this.#host.requestUpdate();
  }

  async #look(ask: () => Promise<Job>, signal: AbortSignal): Promise<void> {
    try {
      const job = await ask();
      if (signal.aborted) return;
      this.job = job;
      this.failure = "";
    } catch (cause) {
      if (signal.aborted) return;
      this.failure = messageOf(cause);
    }
    this.#host.requestUpdate();
  }
}
