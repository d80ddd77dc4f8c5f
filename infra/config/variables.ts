import { z } from "zod";
import { Config } from "./config.ts";

/** `ASSAY_*` variables that aren't configuration: caches, tests and the command line's own. */
export const otherVariables: readonly string[] = [
  "ASSAY_CACHE",
  "ASSAY_CONFIG",
  "ASSAY_KEY",
  "ASSAY_TEST_PICTURES",
  "ASSAY_TEST_STACK",
  "ASSAY_URL",
];

const moduleVariable = /^ASSAY_MODULES_([A-Z][A-Z0-9_]*)_(ENABLED|OPTIONS|TIMEOUT)$/;

/**
 * Each configuration key's variable: `ASSAY_`, then the path in capitals, with `_` between keys and before each
 * capital of a key, so `worker.batch.maxSamples` is `ASSAY_WORKER_BATCH_MAX_SAMPLES`. Modules are named by their
 * own: `ASSAY_MODULES_<NAME>_ENABLED`, `_TIMEOUT` and `_OPTIONS` (JSON), with `_` for `-`.
 */
export function configVariables(): ReadonlyMap<string, readonly string[]> {
  const variables = new Map<string, readonly string[]>();
  const walk = (schema: z.ZodType, path: readonly string[]) => {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodObject) {
      for (const [key, value] of Object.entries(inner.shape)) walk(value as z.ZodType, [...path, key]);
    } else if (!(inner instanceof z.ZodRecord)) {
      variables.set(["ASSAY", ...path.map(capitals)].join("_"), path);
    }
  };
  walk(Config, []);
  return variables;
}

/** A variable that sets nothing: a slip of the pen must not go unseen. */
export class UnknownVariableError extends Error {
  override readonly name = "UnknownVariableError";
}

/**
 * The configuration that variables give, as nested tables of text.
 * @throws {UnknownVariableError} for an `ASSAY_*` variable that names no key
 */
export function readVariables(env: Readonly<Record<string, string>>): Record<string, unknown> {
  const variables = configVariables();
  const tree: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith("ASSAY_") || otherVariables.includes(name)) continue;
    const path = variables.get(name) ?? modulePath(name);
    if (path === null) {
      throw new UnknownVariableError(`Cannot read variable '${name}': it names no configuration key`);
    }
    set(tree, path, value);
  }
  return tree;
}

function modulePath(name: string): readonly string[] | null {
  const match = moduleVariable.exec(name);
  if (match === null) return null;
  const [, module = "", key = ""] = match;
  return ["modules", module.toLowerCase().replaceAll("_", "-"), key.toLowerCase()];
}

function set(tree: Record<string, unknown>, path: readonly string[], value: string): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) tree[key] = value;
  else set((tree[key] ??= {}) as Record<string, unknown>, rest, value);
}

function capitals(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner: z.ZodType = schema;
  while (inner instanceof z.ZodPrefault || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.ZodType;
  return inner;
}
