/** What ordering needs of a module. */
export interface Ordered {
  readonly name: string;
  readonly requires?: readonly string[];
}

/**
 * Puts each module behind those it requires; `filetype` goes first, otherwise names decide, so that the order is the
 * same everywhere. What is required but not there doesn't count.
 * @throws {Error} for modules that require each other in a circle
 */
export function orderModules<T extends Ordered>(modules: readonly T[]): T[] {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const ordered: T[] = [];
  const done = new Set<string>();

  function visit(module: T, path: readonly string[]): void {
    if (done.has(module.name)) return;
    const at = path.indexOf(module.name);
    if (at >= 0) {
      const circle = [...path.slice(at), module.name].map((name) => `'${name}'`).join(" → ");
      throw new Error(`Cannot order modules: they require each other: ${circle}`);
    }
    for (const name of module.requires ?? []) {
      const required = byName.get(name);
      if (required) visit(required, [...path, module.name]);
    }
    done.add(module.name);
    ordered.push(module);
  }

  const first = byName.get("filetype");
  if (first) visit(first, []);
  for (const module of modules.toSorted((a, b) => a.name < b.name ? -1 : 1)) visit(module, []);
  return ordered;
}
