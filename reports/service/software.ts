import { createHash } from "node:crypto";
import { basename, join } from "node:path";

const root = join(import.meta.dirname!, "..", "..");

/** What forms are made by. */
const MADE_BY = ["core", "reports", "deno.json"];

/**
 * Changes whenever the same report would be made otherwise: a digest of the code, of the versions of what it uses and of the parts for
 * STIX, whose folders are named by their versions.
 */
export async function softwareDigest(parts: readonly (string | null)[]): Promise<string> {
  const hash = createHash("sha256");
  const files = (await Promise.all(MADE_BY.map((name) => listCode(join(root, name))))).flat().sort();
  for (const file of files) {
    hash.update(`${file.slice(root.length)}\0`).update(await Deno.readFile(file)).update("\0");
  }
  for (const part of parts) hash.update(`${part === null ? "" : basename(part)}\0`);
  return hash.digest("hex");
}

async function listCode(path: string): Promise<string[]> {
  if ((await Deno.stat(path)).isFile) return [path];
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (isDirectory) files.push(...await listCode(join(path, name)));
    else if (/\.(ts|css)$/.test(name) && !/(_test|testing)\.ts$/.test(name)) files.push(join(path, name));
  }
  return files;
}
