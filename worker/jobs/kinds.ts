import type { JobKind } from "./kind.ts";

/** Every kind of job: a file of `kinds/` each. @throws {Error} where two have one name */
export async function loadKinds(
  folder: URL = new URL("./kinds/", import.meta.url),
): Promise<ReadonlyMap<string, JobKind>> {
  const kinds = new Map<string, JobKind>();
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ts") || name.endsWith("_test.ts")) continue;
    const { default: kind } = await import(new URL(name, folder).href) as { default: JobKind };
    if (kinds.has(kind.kind)) throw new Error(`Cannot load jobs: two files make the kind '${kind.kind}'`);
    kinds.set(kind.kind, kind);
  }
  return kinds;
}
