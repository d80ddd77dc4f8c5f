import { ExportError } from "@assay/infra";

/** Lets so many through at a time and so many more wait, in order. */
export interface Gate {
  /**
   * Resolves once it is one's turn; call what it gives when done.
   * @throws {ExportError} `busy` where too many wait; the signal's reason where that ended the wait
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** Seconds after which to come again where too many wait. */
const RETRY_AFTER = 5;

/** A gate for `most` at a time and `queue` waiting. */
export function createGate(most: number, queue: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else inside--;
  }

  /** Counts off once, however often it is called. */
  function turn(): () => void {
    let done = false;
    return () => {
      if (!done) leave();
      done = true;
    };
  }

  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (inside < most) {
        inside++;
        return turn();
      }
      if (waiting.length >= queue) {
        throw new ExportError("busy", `Cannot make the export yet: ${queue} wait before it`, {
          retryAfter: RETRY_AFTER,
        });
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const abort = () => {
        waiting.splice(waiting.indexOf(resolve), 1);
        reject(signal.reason);
      };
      waiting.push(resolve);
      signal.addEventListener("abort", abort, { once: true });
      try {
        await promise;
      } finally {
        signal.removeEventListener("abort", abort);
      }
      return turn();
    },
  };
}
