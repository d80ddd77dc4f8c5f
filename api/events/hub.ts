import type { TaskEvent } from "@assay/core";
import type { Queue } from "@assay/infra";
import type { Logger } from "@logtape/logtape";

/** Takes an event; null says that events may have been missed. */
export type Listener = (event: TaskEvent | null) => void;

/** One subscription to NATS for all event streams of this process. */
export interface EventHub {
  /** Events from now on, until the function that it gives is called. */
  subscribe(listener: Listener): () => void;
}

/** Milliseconds before NATS is asked again. */
const PAUSE = 1000;

/** Starts listening with the first listener and goes on until `signal` aborts. */
export function createEventHub(queue: Pick<Queue, "listen">, log: Logger, signal: AbortSignal): EventHub {
  const listeners = new Set<Listener>();
  let running = false;

  const tell = (event: TaskEvent | null) => {
    for (const listener of listeners) listener(event);
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of queue.listen(signal)) tell(event);
      } catch (cause) {
        log.warn("Cannot listen to task events: {cause}", { cause });
      }
      if (signal.aborted) return;
      tell(null);
      await pause(PAUSE, signal);
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (!running) {
        running = true;
        run();
      }
      return () => listeners.delete(listener);
    },
  };
}

/** Waits, or until `signal` aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
