import { type FoundRun } from "@assay/core";

/** Values of raw output that can be searched as fields, of one sample. */
const MAX_VALUES = 500;
/** Longer lists are searched as text only. */
const MAX_LIST = 50;
/** Elasticsearch refuses raw output nested deeper than 20. */
const MAX_DEPTH = 18;
const MAX_KEY_LENGTH = 100;

/**
 * What of the modules' raw output is searched as `raw.<module>.<path>`: short values under names that Elasticsearch
 * takes. All of it stays in the report, and its strings are searched as text.
 */
export function searchRawOf(runs: readonly FoundRun[]): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  const left = { values: MAX_VALUES };
  for (const run of runs) {
    const part = prune(run.raw, 0, left);
    if (part !== undefined) raw[run.module] = part;
  }
  return raw;
}

function prune(value: unknown, depth: number, left: { values: number }): unknown {
  if (typeof value !== "object") {
    if (typeof value === "string" && value.length > 1024) return undefined;
    return left.values-- > 0 ? value : undefined;
  }
  if (value === null || depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    if (value.length > MAX_LIST) return undefined;
    return value.map((item) => prune(item, depth + 1, left)).filter((item) => item !== undefined);
  }
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (left.values <= 0) break;
    if (key === "" || key.length > MAX_KEY_LENGTH || key.includes("\0") || key === "__proto__") continue;
    const part = prune(item, depth + 1, left);
    if (part !== undefined) kept[key] = part;
  }
  return kept;
}
