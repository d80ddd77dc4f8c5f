import type { TaskEvent } from "@assay/core";
import type { EventHub } from "./hub.ts";
import type { Watch } from "./watch.ts";

/** What a stream of events is made of. */
export interface StreamOptions {
  readonly hub: EventHub;
  readonly watch: Watch;
  /** Milliseconds between two signs of life, when also what was missed is looked up. */
  readonly heartbeat: number;
  /** Asked at every sign of life; false ends the stream (the key was revoked). */
  readonly isAllowed: () => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Called once when the stream ends, whichever way. */
  readonly onEnd: () => void;
}

/** Events waiting for a slow reader; past that he gets the present state instead. */
const MAX_WAITING = 1000;
/** Everything that had to be told has been; after a gap too, so that readers of all tasks know that there was one. */
const READY = "event: ready\ndata: {}\n\n";
/** Milliseconds after which a client whose connection broke comes back. */
const RETRY = 2000;

/**
 * Server-sent events (WHATWG HTML, 9.2): first the present state of the watched tasks and `event: ready`, then each
 * change. Nothing is lost for long: what was missed (NATS away, slow reader) is looked up at the next sign of life.
 */
export function streamEvents(options: StreamOptions): ReadableStream<Uint8Array> {
  const { hub, watch, heartbeat, signal } = options;
  const waiting: TaskEvent[] = [];
  const encoder = new TextEncoder();
  let missing = false;
  let ended = false;
  let wake = () => {};

  const unsubscribe = hub.subscribe((event) => {
    if (event === null || waiting.length >= MAX_WAITING) missing = true;
    else waiting.push(event);
    wake();
  });
  const end = () => {
    if (ended) return;
    ended = true;
    unsubscribe();
    signal.removeEventListener("abort", end);
    options.onEnd();
    wake();
  };
  signal.addEventListener("abort", end);
  if (signal.aborted) end();

  async function* run(): AsyncGenerator<string> {
    yield `retry: ${RETRY}\n\n`;
    yield* told(watch.missed());
    yield READY;
    let due = performance.now() + heartbeat;
    while (!ended) {
      if (waiting.length === 0 && !missing) await idle(due - performance.now());
      if (ended) return;
      for (const event of waiting.splice(0)) if (await watch.wants(event)) yield format(event);
      if (performance.now() < due && !missing) continue;
      const resync = missing;
      missing = false;
      due = performance.now() + heartbeat;
      if (!await options.isAllowed()) return;
      yield ": alive\n\n";
      yield* told(watch.missed());
      if (resync) yield READY;
    }
  }

  function idle(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => wake(), milliseconds);
      wake = () => {
        clearTimeout(timer);
        wake = () => {};
        resolve();
      };
    });
  }

  const events = run();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (!done) return controller.enqueue(encoder.encode(value));
        end();
        controller.close();
      } catch (cause) {
        end();
        controller.error(cause);
      }
    },
    cancel: end,
  }, { highWaterMark: 0 });
}

async function* told(events: AsyncIterable<TaskEvent>): AsyncGenerator<string> {
  for await (const event of events) yield format(event);
}

/** JSON has no raw line breaks, so that one `data` line holds it. */
function format(event: TaskEvent): string {
  return `id: ${Date.parse(event.at)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
