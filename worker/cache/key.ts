import { createHash } from "node:crypto";
import type { LoadedModule } from "../registry/registry.ts";

/** What of a scan a result may depend on, besides the sample and the modules. */
export interface ScanInput {
  readonly name: string | null;
  readonly passwords: readonly string[];
}

/**
 * The keys of every module's result on one sample: a digest of module, version, definition, options, what it reads of
 * the scan, and the keys of the results it depends on (`filetype`'s always). Equal keys mean equal results, as far as
 * modules compute the same from the same.
 */
export type KeyMaker = (input: ScanInput) => ReadonlyMap<string, string>;

/** Prepares the keys of modules in their order: what no scan changes is digested once. */
export function makeKeys(modules: readonly LoadedModule[]): KeyMaker {
  const variable = new Set<string>();
  const fixed = new Map<string, string>();
  for (const loaded of modules) {
    const { name, readsName, readsPassword } = loaded.module;
    if (readsName || readsPassword || dependencies(loaded).some((other) => variable.has(other))) {
      variable.add(name);
    } else {
      fixed.set(name, keyOf(loaded, fixed, null));
    }
  }
  return (input) => {
    const keys = new Map(fixed);
    for (const loaded of modules) {
      if (variable.has(loaded.module.name)) keys.set(loaded.module.name, keyOf(loaded, keys, input));
    }
    return keys;
  };
}

function dependencies({ module }: LoadedModule): string[] {
  const required = module.requires ?? [];
  return module.name === "filetype" || required.includes("filetype")
    ? [...required]
    : ["filetype", ...required];
}

function keyOf(
  loaded: LoadedModule,
  keys: ReadonlyMap<string, string>,
  input: ScanInput | null,
): string {
  const { module, version, definition, options } = loaded;
  return digest([
    module.name,
    module.version,
    version,
    definition,
    options,
    module.readsName ? input?.name ?? null : null,
    // The digest of passwords only: keys lie beside the sample.
    module.readsPassword ? digest(input?.passwords ?? []) : null,
    dependencies(loaded).map((name) => keys.get(name) ?? null),
  ]);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, sortKeys)).digest("hex").slice(0, 32);
}

/** Options written in another order are the same options. */
function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
