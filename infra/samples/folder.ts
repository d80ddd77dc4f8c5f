import type { Sha256 } from "@assay/core";
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { SampleMissingError, type SampleStore, SampleTooLargeError } from "./store.ts";
import { type MountKind, openVolume } from "./volume.ts";

/** Where and how samples are kept. */
export interface SampleFolder {
  readonly path: string;
  /** `glusterfs` refuses to start or write unless the folder is on a GlusterFS volume mounted by FUSE. */
  readonly mount?: MountKind;
  /** Levels of two-digit folders above a sample, 0 to 4. Fixed once samples are in. */
  readonly sharding?: number;
}

/** A sample store on a folder. @throws {SampleStoreAwayError} where the folder or its mount isn't there */
export async function createSampleStore(options: SampleFolder): Promise<SampleStore> {
  const sharding = options.sharding ?? 2;
  const volume = await openVolume(resolve(options.path), options.mount ?? "any");

  const path = (sha256: Sha256): string => {
    const folders = Array.from({ length: sharding }, (_, level) => sha256.slice(2 * level, 2 * level + 2));
    return join(volume.root, ...folders, sha256);
  };
  const attachmentPath = (sha256: Sha256, name: string): string => {
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
      throw new RangeError(`Cannot attach '${name}': expected a name like 'strings' ([a-z][a-z0-9-]*)`);
    }
    return `${path(sha256)}.${name}.gz`;
  };
  const size = async (sha256: Sha256) => (await volume.ask(() => Deno.stat(path(sha256))))?.size ?? null;

  return {
    path,
    size,
    check: volume.check,
    has: async (sha256) => await size(sha256) !== null,

    put(bytes, { maxBytes, signal, agree }) {
      return volume.land(async (file) => {
        const hash = createHash("sha256");
        let written = 0;
        for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
          signal?.throwIfAborted();
          written += chunk.length;
          if (written > maxBytes) throw new SampleTooLargeError(maxBytes);
          hash.update(chunk);
          await writeAll(file, chunk);
        }
        signal?.throwIfAborted();
        const sha256 = hash.digest("hex") as Sha256;
        const known = await size(sha256) === written;
        if (!known) await file.sync();
        const result = { sha256, size: written, known };
        return { target: known ? null : path(sha256), result, ...(agree && { agreed: () => agree(result) }) };
      });
    },

    async read(sha256) {
      return await volume.ask(() => Deno.readFile(path(sha256))) ?? missing(sha256);
    },

    async open(sha256) {
      const file = await volume.ask(() => Deno.open(path(sha256))) ?? missing(sha256);
      return { size: (await file.stat()).size, stream: file.readable };
    },

    async remove(sha256) {
      const folder = dirname(path(sha256));
      const names = await volume.ask(() => Array.fromAsync(Deno.readDir(folder), (entry) => entry.name)) ??
        [];
      const own = names.filter((name) => name === sha256 || name.startsWith(`${sha256}.`));
      for (const name of own) await volume.ask(() => Deno.remove(join(folder, name)));
      return own.includes(sha256);
    },

    async attach(sha256, name, gzip) {
      const target = attachmentPath(sha256, name);
      await volume.land(async (file) => {
        await writeAll(file, gzip);
        return { target, result: undefined };
      });
    },

    attachment(sha256, name) {
      const target = attachmentPath(sha256, name);
      return volume.ask(() => Deno.readFile(target));
    },
  };
}

function missing(sha256: Sha256): never {
  throw new SampleMissingError(`Cannot read sample '${sha256}': its bytes are not in the store`);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
