import type { Lane, Milliseconds, TaskEvent } from "@assay/core";
import type { Hold, OutboxRow } from "../postgres/repositories.ts";

/** The queue of tasks: JetStream with one durable pull consumer a lane. Messages carry ids, not samples. */
export interface Queue {
  /** Makes or updates stream and consumers. */
  prepare(): Promise<void>;
  /** Publishes with `Nats-Msg-Id`; resolves once JetStream has them all. */
  publish(rows: readonly OutboxRow[]): Promise<void>;
  /**
   * One window: up to `max` messages or `wait` milliseconds (1,000 at least), whichever comes first. Ends early, with
   * what it has, when `signal` aborts. The caller acknowledges after the claim in PostgreSQL, which is the truth.
   */
  fetch(lane: Lane, max: number, wait: Milliseconds, signal: AbortSignal): Promise<QueuedHold[]>;
  /** Messages waiting or delivered and not acknowledged, a lane. */
  depth(lane: Lane): Promise<number>;
  /** Tells listeners (server-sent events); never stored, never awaited. */
  tell(event: TaskEvent): void;
  /** Task events as they happen, until `signal` aborts. */
  listen(signal: AbortSignal): AsyncIterable<TaskEvent>;
  /** Resolves where the server answers; throws otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A message that names a task's attempt. */
export interface QueuedHold extends Hold {
  ack(): void;
  /** Gives it back for another delivery. */
  nak(): void;
}
