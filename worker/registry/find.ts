import { ModuleName, reasonOf } from "@assay/core";
import type { Module } from "../module/define.ts";

/** A folder of modules, one a module. */
export const MODULES = new URL("../modules/", import.meta.url);

/** A module's folder, and what is in it: the module, or why it can't be loaded. */
export interface FoundModule {
  readonly name: string;
  readonly url: string;
  readonly module: Module | null;
  readonly reason: string | null;
}

/** Imports `<name>/mod.ts` of every folder, by name. A folder that can't be imported costs only that module. */
export async function findModules(folder: URL = MODULES): Promise<FoundModule[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .filter((entry) => entry.isDirectory && ModuleName.safeParse(entry.name).success)
    .map((entry) => entry.name);
  return await Promise.all(
    names.sort().map(async (name) => {
      const url = new URL(`${name}/mod.ts`, folder).href;
      try {
        const module: Module | undefined = (await import(url)).default;
        const reason = whyNoModule(name, module);
        return { name, url, module: reason === null ? module! : null, reason };
      } catch (error) {
        return { name, url, module: null, reason: `Cannot load module '${name}': ${reasonOf(error)}` };
      }
    }),
  );
}

function whyNoModule(name: string, module: Module | undefined): string | null {
  if (module?.kind !== "inline" && module?.kind !== "command") {
    return `Cannot load module '${name}': expected 'mod.ts' to export a module by default`;
  }
  if (module.name === name) return null;
  return `Cannot load module '${name}': expected the folder's name, got '${module.name}'`;
}
