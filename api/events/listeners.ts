import { ProblemError } from "../problem/problem.ts";

/** Counts open event streams. */
export interface Listeners {
  /** Counts one more of `key`; the function it gives counts it off. @throws {ProblemError} past a limit */
  open(key: string): () => void;
}

/** Bounds the event streams of one key and of all. */
export function countListeners(limits: { readonly perKey: number; readonly all: number }): Listeners {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    open(key) {
      const own = counts.get(key) ?? 0;
      const full = own >= limits.perKey ? limits.perKey : all >= limits.all ? limits.all : null;
      if (full !== null) {
        throw new ProblemError("too-many-listeners", `Cannot open another event stream: ${full} are open`, {
          extra: { limit: full },
          headers: { "retry-after": "5" },
        });
      }
      counts.set(key, own + 1);
      all++;
      return () => {
        all--;
        const left = counts.get(key)! - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
  };
}
