/**
 * Something that may end a series of waits from outside. Unlike `Promise.race` with one long-lived promise it holds
 * on to one wait at a time, so a million of them take no memory.
 */
export interface Interruption {
  /** Ends the current wait and all later ones. The first cause counts. */
  interrupt(cause: unknown): void;
  /** Waits for `promise`, or throws the cause as soon as there is one. */
  wait<T>(promise: Promise<T>): Promise<T>;
}

/** Waits that can be interrupted, from the start by `signal`. `Symbol.dispose` lets go of the signal. */
export function createInterruption(signal: AbortSignal): Interruption & Disposable {
  let interrupted: { cause: unknown } | null = null;
  let reject: ((cause: unknown) => void) | null = null;
  const interrupt = (cause: unknown) => {
    interrupted ??= { cause };
    reject?.(interrupted.cause);
  };
  const abort = () => interrupt(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return {
    interrupt,
    async wait(promise) {
      try {
        return await new Promise((resolve, rejectWait) => {
          promise.then(resolve, rejectWait);
          if (interrupted) return rejectWait(interrupted.cause);
          reject = rejectWait;
        });
      } finally {
        reject = null;
      }
    },
    [Symbol.dispose]: () => signal.removeEventListener("abort", abort),
  };
}
