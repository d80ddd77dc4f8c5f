import { glob } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname!, "..", "..");

/** A real file to submit. */
export interface RealFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Real files of installed packages (scripts, binaries, WebAssembly, archives), all different, in a stable order. */
export async function realFiles(count: number, { least = 64, most = 200_000 } = {}): Promise<RealFile[]> {
  const files: RealFile[] = [];
  const seen = new Set<string>();
  const patterns = ["node_modules/.deno/*/node_modules/*/*.*", "node_modules/.deno/*/node_modules/*/*/*.*"];
  for await (const path of glob(patterns, { cwd: root })) {
    const info = await Deno.stat(join(root, path));
    if (!info.isFile || info.size < least || info.size > most) continue;
    const bytes = await Deno.readFile(join(root, path));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    if (seen.has(digest)) continue;
    seen.add(digest);
    files.push({ name: path.split("/").at(-1)!, bytes });
    if (files.length === count) return files;
  }
  throw new Error(`Cannot find ${count} different real files: got ${files.length}`);
}

/** A multipart form of files with options. */
export function formOf(files: readonly RealFile[], options: Record<string, unknown> = {}): FormData {
  const form = new FormData();
  form.append("options", JSON.stringify({ priority: "interactive", ...options }));
  for (const file of files) form.append("file", new Blob([file.bytes]), file.name);
  return form;
}
