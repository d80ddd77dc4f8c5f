import { createHash } from "node:crypto";
import { join } from "node:path";

/** A file served to browsers. */
export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Strong entity tag of the bytes. */
  readonly etag: string;
}

/** Files by their URL path below a mount, e.g. `index.html`, `assets/app.js`. Only what is listed is served. */
export type Assets = ReadonlyMap<string, Asset>;

/** Media types by ending; files of other endings aren't served. */
const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  map: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  wasm: "application/wasm",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json",
};

/** Folders below the root that are looked into, and bytes taken in all. */
const MAX_DEPTH = 6;
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Reads a folder of files once: a request is answered by name from this list, so that no request names a path.
 * Gives an empty list where the folder isn't there.
 */
export async function readAssets(folder: string): Promise<Assets> {
  const assets = new Map<string, Asset>();
  let bytes = 0;

  async function walk(path: string, prefix: string, depth: number): Promise<void> {
    for await (const entry of Deno.readDir(path)) {
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory && depth < MAX_DEPTH) await walk(join(path, entry.name), `${name}/`, depth + 1);
      const type = types[entry.name.split(".").pop()!];
      if (!entry.isFile || type === undefined) continue;
      const asset = makeAsset(await Deno.readFile(join(path, entry.name)), type);
      bytes += asset.bytes.length;
      if (bytes > MAX_BYTES) throw new RangeError(`Cannot serve '${folder}': more than ${MAX_BYTES} bytes`);
      assets.set(name, asset);
    }
  }

  try {
    await walk(folder, "", 0);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  return assets;
}

/** An asset of these bytes. */
export function makeAsset(bytes: Uint8Array<ArrayBuffer>, type: string): Asset {
  const digest = createHash("sha256").update(bytes).digest("base64url");
  return { bytes, type, etag: `"${digest.slice(0, 32)}"` };
}
