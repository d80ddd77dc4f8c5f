import { reasonOf } from "@assay/core";
import { getLogger } from "@logtape/logtape";
import { pause } from "./pause.ts";

const log = getLogger(["assay", "retry"]);
const FIRST = 250;
const MOST = 10_000;

/**
 * Does something with a server that may be away, again and again with growing pauses, until it works.
 * @throws the last error once `signal` aborts
 */
export async function persist<T>(what: string, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (let wait = FIRST;; wait = Math.min(2 * wait, MOST)) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn("Cannot {what}, trying again in {wait} ms: {error}", { what, wait, error: reasonOf(error) });
      await pause(wait, signal);
      if (signal.aborted) throw error;
    }
  }
}
