import type { ClaimedTask } from "@assay/core";
import { DEFAULT_MAX_SIZE } from "../module/define.ts";
import type { LoadedModule, Registry } from "../registry/registry.ts";

/** What to do with each module for one task. */
export interface TaskPlan {
  /** To run (or take from before), in order. */
  readonly run: readonly LoadedModule[];
  /** Why the others don't run, by name. */
  readonly skip: ReadonlyMap<string, string>;
}

/** Decides which modules run for a task: those asked for with what they require, `filetype` always. */
export function planTask(task: Pick<ClaimedTask, "modules" | "size">, registry: Registry): TaskPlan {
  const skip = new Map<string, string>();
  const byName = new Map(registry.modules.map((loaded) => [loaded.module.name, loaded]));
  const wanted = task.modules === null ? null : closure(task.modules, byName);
  for (const { name, reason } of registry.unavailable) skip.set(name, `Unavailable: ${reason}`);
  for (const name of task.modules ?? []) {
    if (registry.disabled.includes(name)) skip.set(name, "Disabled in the configuration");
    else if (!byName.has(name) && !skip.has(name)) skip.set(name, "There is no such module");
  }
  const run = registry.modules.filter(({ module: { name, maxSize = DEFAULT_MAX_SIZE } }) => {
    if (wanted !== null && !wanted.has(name)) skip.set(name, "Not asked for by the submission");
    else if (task.size > maxSize) skip.set(name, `Larger than the limit of ${maxSize} bytes`);
    else return true;
    return false;
  });
  return { run, skip };
}

/** The names and all that they require. */
function closure(names: readonly string[], byName: ReadonlyMap<string, LoadedModule>): Set<string> {
  const all = new Set<string>();
  const left = ["filetype", ...names];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (all.has(name)) continue;
    all.add(name);
    left.push(...byName.get(name)?.module.requires ?? []);
  }
  return all;
}
