import { type ClaimedTask, reasonOf } from "@assay/core";
import type { Config, SampleStore } from "@assay/infra";
import type { KeptChild } from "../cache/results.ts";
import { storable } from "../inline/check.ts";

/** The longest name of an extracted file that is kept. */
const NAME = 1024;

/** Keeps what is extracted from one sample, inside the limits that hold for all its modules together. */
export interface Extraction {
  /** Stores one file, or notes why not. Never rejects. */
  keep(module: string, name: string, bytes: Uint8Array): Promise<void>;
  /** What a module extracted. */
  of(module: string): readonly KeptChild[];
  /** Notes taken. */
  limits(): readonly string[];
  /** Set where the store refused a file: the analysis is incomplete. */
  failure(): unknown;
}

/** Starts with nothing extracted. */
export function createExtraction(
  task: Pick<ClaimedTask, "depth" | "size">,
  samples: Pick<SampleStore, "put">,
  limits: Config["extraction"],
): Extraction {
  const kept = new Map<string, KeptChild[]>();
  const left = new Map<string, number>();
  const most = Math.min(limits.maxBytes, limits.maxRatio * Math.max(task.size, 1024));
  let count = 0;
  let bytes = 0;
  let failure: unknown = null;

  function refuse(size: number): string | null {
    if (task.depth >= limits.maxDepth) return `depth limit of ${limits.maxDepth} reached`;
    if (count >= limits.maxChildren) return `limit of ${limits.maxChildren} reached`;
    if (size > limits.maxFileBytes) return `larger than ${limits.maxFileBytes} bytes`;
    if (bytes + size > most) return `limit of ${most} bytes reached`;
    return null;
  }

  return {
    async keep(module, name, content) {
      const why = refuse(content.length);
      if (why !== null) {
        left.set(why, (left.get(why) ?? 0) + 1);
        return;
      }
      count++;
      bytes += content.length;
      try {
        const { sha256, size } = await samples.put(content, { maxBytes: limits.maxFileBytes });
        const list = kept.get(module) ?? [];
        list.push({ sha256, size, name: storable(name.slice(0, NAME)) });
        kept.set(module, list);
      } catch (error) {
        failure ??= new Error(`Cannot keep extracted file: ${reasonOf(error)}`, { cause: error });
      }
    },
    of: (module) => kept.get(module) ?? [],
    limits: () => [...left].map(([why, files]) => `children: ${files} left out, ${why}`),
    failure: () => failure,
  };
}
