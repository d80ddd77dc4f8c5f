import { join } from "node:path";

/** A file to submit. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since the epoch; null where the file system tells none. */
  readonly modified: number | null;
}

/**
 * Regular files under the paths, folders walked in name order. Links inside folders are not followed, so that a walk
 * always ends; a path that is named itself may be a link. What can't be read is told to `onUnreadable` and passed over.
 */
export async function* walkFiles(
  paths: readonly string[],
  onUnreadable: (path: string, why: string) => void,
): AsyncGenerator<FoundFile> {
  for (const path of paths) {
    try {
      const info = await Deno.stat(path);
      if (info.isDirectory) yield* walkFolder(path, onUnreadable);
      else if (info.isFile) yield { path, size: info.size, modified: info.mtime?.getTime() ?? null };
      else onUnreadable(path, "not a file or folder");
    } catch (cause) {
      onUnreadable(path, reasonOf(cause));
    }
  }
}

async function* walkFolder(
  folder: string,
  onUnreadable: (path: string, why: string) => void,
): AsyncGenerator<FoundFile> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (cause) {
    return onUnreadable(folder, reasonOf(cause));
  }
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* walkFolder(path, onUnreadable);
    if (!entry.isFile) continue;
    try {
      const info = await Deno.stat(path);
      yield { path, size: info.size, modified: info.mtime?.getTime() ?? null };
    } catch (cause) {
      onUnreadable(path, reasonOf(cause));
    }
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
