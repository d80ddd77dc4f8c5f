import { join } from "node:path";

/** A part that `up` can fetch: what it is called, its exact version and how it comes. */
export interface Part {
  /** Name of its folder in the cache, before the version. */
  readonly name: string;
  /** Exact version and, where it differs, the platform: a change of it fetches anew. */
  readonly version: string;
  /** Puts the part into an empty folder. Whatever it throws leaves nothing behind. */
  fetch(folder: string, context: InstallContext): Promise<void>;
}

/** What fetching needs from outside. */
export interface InstallContext {
  /** Shared by all data folders of a user. */
  readonly cache: string;
  readonly signal: AbortSignal;
  /** Called with one line of progress. */
  readonly log: (line: string) => void;
}

/**
 * The folder of a part, fetched first where it is missing. Two callers at once are safe: one fetches under a file
 * lock while the other waits; the folder appears by rename, so it is whole or not there.
 * @throws {Error} naming the part, with the cause
 */
export async function ensurePart(part: Part, context: InstallContext): Promise<string> {
  const folder = partFolder(part, context.cache);
  if (await exists(folder)) return folder;
  await Deno.mkdir(context.cache, { recursive: true });
  using lock = await Deno.open(join(context.cache, `${part.name}.lock`), { create: true, write: true });
  await lock.lock(true);
  context.signal.throwIfAborted();
  if (await exists(folder)) return folder;
  // What a killed installer left; nobody else is at this part now.
  for await (const { name } of Deno.readDir(context.cache)) {
    if (name.startsWith(`.${part.name}-`)) await Deno.remove(join(context.cache, name), { recursive: true });
  }
  const started = Date.now();
  context.log(`Fetching ${part.name} ${part.version} …`);
  const temporary = await Deno.makeTempDir({ dir: context.cache, prefix: `.${part.name}-` });
  try {
    await Deno.chmod(temporary, 0o755);
    await part.fetch(temporary, context);
    await Deno.rename(temporary, folder);
  } catch (cause) {
    await Deno.remove(temporary, { recursive: true });
    context.signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot install ${part.name} ${part.version}: ${reason}`, { cause });
  }
  context.log(`Fetched ${part.name} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return folder;
}

/** Where a part is, once fetched. */
export function partFolder(part: Part, cache: string): string {
  return join(cache, `${part.name}-${part.version}`);
}

/** Where parts are kept: `ASSAY_CACHE`, else the user's cache folder; for root a place that other users can read. */
export function defaultCache(env: Readonly<Record<string, string | undefined>>, uid: number | null): string {
  if (env["ASSAY_CACHE"]) return env["ASSAY_CACHE"];
  // PostgreSQL refuses to run as root, and the user that runs it instead can't look into root's home.
  if (uid === 0) return "/var/cache/assay";
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "assay");
  const home = env["HOME"];
  if (!home) throw new Error("Cannot choose a cache folder: expected ASSAY_CACHE or HOME to be set");
  return join(home, ".cache", "assay");
}

/** True where something is at that path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
