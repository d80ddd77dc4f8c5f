import type { ProblemCode } from "../problem/catalogue.ts";
import { ProblemError } from "../problem/problem.ts";

/** Counts what is open for long: event streams, exports. */
export interface OpenCounts {
  /** Counts one more of `key`; the function it gives counts it off, once. @throws {ProblemError} past a limit */
  open(key: string): () => void;
}

/** What may be open at a time. */
export interface OpenLimits {
  readonly perKey: number;
  readonly all: number;
}

/** Bounds what is open of one key and of all; `what` names it in the problem of that code. */
export function countOpen(limits: OpenLimits, code: ProblemCode, what: string): OpenCounts {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    open(key) {
      const own = counts.get(key) ?? 0;
      const full = own >= limits.perKey ? limits.perKey : all >= limits.all ? limits.all : null;
      if (full !== null) {
        throw new ProblemError(code, `Cannot open another ${what}: ${full} are open`, {
          extra: { limit: full },
          headers: { "retry-after": "5" },
        });
      }
      counts.set(key, own + 1);
      all++;
      let counted = true;
      return () => {
        if (!counted) return;
        counted = false;
        all--;
        const left = counts.get(key)! - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
  };
}
