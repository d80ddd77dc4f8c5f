import { createHash } from "node:crypto";
import { join, relative, resolve } from "node:path";

/** A file of YARA rules. Its name is the namespace of the rules in it. */
export interface RuleSource {
  readonly name: string;
  /** True where it comes with Assay. */
  readonly own: boolean;
  readonly text: string;
}

/** Files and bytes of rules read at most. */
const MOST_FILES = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Reads rule files (`.yar`, `.yara`) and folders of them, in the order of their names; `own` names the folder of rules that come with
 * Assay, `ownFolder`.
 * @throws {Error} where a path can't be read or there is more than anybody means to have
 */
export async function readRuleSources(paths: readonly string[], ownFolder: string): Promise<RuleSource[]> {
  const sources: RuleSource[] = [];
  let bytes = 0;
  for (const path of paths) {
    const root = path === "own" ? ownFolder : resolve(path);
    const files = (await Deno.stat(root)).isDirectory ? await listRules(root) : [root];
    for (const file of files) {
      const text = await Deno.readTextFile(file);
      bytes += text.length;
      if (sources.length === MOST_FILES || bytes > MOST_BYTES) {
        throw new Error(
          `Cannot read rules under '${path}': more than ${MOST_FILES} files or ${MOST_BYTES} bytes`,
        );
      }
      sources.push({ name: relative(root, file) || file.split("/").at(-1)!, own: path === "own", text });
    }
  }
  return sources;
}

/** Changes whenever a rule does: the definition that runs of the YARA module tell. */
export function ruleDigest(sources: readonly RuleSource[]): string {
  const hash = createHash("sha256");
  for (const { name, text } of sources) hash.update(`${name}\0${text}\0`);
  return hash.digest("hex").slice(0, 16);
}

async function listRules(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) files.push(...await listRules(path));
    else if (entry.isFile && /\.yara?$/i.test(entry.name)) files.push(path);
  }
  return files;
}
