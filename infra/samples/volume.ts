import { join } from "node:path";
import { ulid } from "ulid";
import { requireGlusterfs } from "./mount.ts";
import { SampleStoreAwayError } from "./store.ts";

/** What the volume under the samples must be: any folder, or a GlusterFS volume mounted by FUSE. */
export type MountKind = "any" | "glusterfs";

/** The volume that samples live on: knows whether it is really there, so that a bare mount point never fills the disk. */
export interface Volume {
  readonly root: string;
  /** Proves that files can be written and looks at the mount. @throws {SampleStoreAwayError} */
  check(): Promise<void>;
  /**
   * Writes a file under a temporary name and renames it to the target that `write` names, or drops it where that is
   * null. The temporary file never survives, whatever happens. `agreed` is awaited in between, the file being closed.
   */
  land<T>(write: (file: Deno.FsFile) => Promise<Written<T>>): Promise<T>;
  /** Runs a read; gives null where the file isn't there. @throws {SampleStoreAwayError} where the volume isn't */
  ask<T>(read: () => Promise<T>): Promise<T | null>;
}

/** What was written to a temporary file, and where it belongs. */
export interface Written<T> {
  readonly target: string | null;
  readonly result: T;
  readonly agreed?: () => Promise<void>;
}

/** Temporary files older than this were left by a process that was killed. */
const ABANDONED_AFTER = 24 * 60 * 60 * 1000;
/** Codes of a volume that is away: not connected, stale handle, input/output error, read-only, no space, quota. */
const AWAY = new Set(["ENOTCONN", "ESTALE", "EIO", "EROFS", "ENOSPC", "EDQUOT", "EHOSTDOWN", "ETIMEDOUT"]);

/** Opens the volume at an absolute path. @throws {SampleStoreAwayError} where it isn't there, with what to do */
export async function openVolume(root: string, kind: MountKind): Promise<Volume> {
  const incoming = join(root, ".incoming");
  let device: number | null = null;

  async function check(): Promise<void> {
    try {
      await requireMount();
      await Deno.mkdir(incoming, { recursive: true });
      device = (await Deno.stat(incoming)).dev;
      const probe = join(incoming, ulid());
      await Deno.writeFile(probe, new Uint8Array([1]), { createNew: true });
      await Deno.remove(probe);
    } catch (cause) {
      throw away(cause);
    }
  }

  async function requireMount(): Promise<void> {
    if (kind === "glusterfs") await requireGlusterfs(await Deno.realPath(root));
  }

  /** The price of a stat tells a bare mount point from the volume; only a new device number costs another look. */
  async function verify(file: Deno.FsFile): Promise<void> {
    const { dev } = await file.stat();
    if (kind === "any" || dev === device) return;
    await requireMount();
    device = dev;
  }

  function away(cause: unknown): SampleStoreAwayError {
    if (cause instanceof SampleStoreAwayError) return cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new SampleStoreAwayError(`Cannot reach samples at '${root}': ${why}`, { cause });
  }

  async function land<T>(write: (file: Deno.FsFile) => Promise<Written<T>>): Promise<T> {
    const temporary = join(incoming, ulid());
    let file: Deno.FsFile;
    try {
      file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o644 });
    } catch (cause) {
      throw away(cause);
    }
    let closed = false;
    let landed = false;
    try {
      await verify(file).catch((cause) => Promise.reject(away(cause)));
      const { target, result, agreed } = await write(file);
      file.close();
      closed = true;
      await agreed?.();
      if (target !== null) {
        await rename(temporary, target);
        landed = true;
      }
      return result;
    } catch (cause) {
      throw isAway(cause) ? away(cause) : cause;
    } finally {
      if (!closed) file.close();
      if (!landed) await Deno.remove(temporary).catch(tolerateGone);
    }
  }

  async function ask<T>(read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw isAway(cause) ? away(cause) : cause;
      await requireMount().catch((lost) => Promise.reject(away(lost)));
      return null;
    }
  }

  if (kind === "any") {
    await Deno.mkdir(root, { recursive: true }).catch((cause) => Promise.reject(away(cause)));
  }
  await check();
  await removeAbandoned(incoming);
  return { root, check, land, ask };
}

/** Renames into a folder that may not be there yet; made only when it is missing, since that is rare. */
async function rename(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    await Deno.mkdir(join(to, ".."), { recursive: true });
    await Deno.rename(from, to);
  }
}

async function removeAbandoned(incoming: string): Promise<void> {
  for await (const { name } of Deno.readDir(incoming)) {
    const file = join(incoming, name);
    const written = (await Deno.stat(file).catch(tolerateGone))?.mtime?.getTime();
    if (written !== undefined && written < Date.now() - ABANDONED_AFTER) {
      await Deno.remove(file).catch(tolerateGone);
    }
  }
}

function isAway(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && AWAY.has(String(cause.code));
}

/** Somebody else was faster, or the volume is gone with the file: either way nothing of ours is left behind. */
function tolerateGone(cause: unknown): undefined {
  if (cause instanceof Deno.errors.NotFound || isAway(cause)) return undefined;
  throw cause;
}
