import { JobId } from "@assay/core";
import { join, resolve } from "node:path";
import type { SampleFolder } from "./folder.ts";
import { requireGlusterfs } from "./mount.ts";
import { SampleStoreAwayError } from "./store.ts";
import { type MountKind, openVolume, type Volume } from "./volume.ts";

/** Files that jobs make for their owners, kept on the samples' volume in parts, so that a job can go on after a crash. */
export interface ExportFiles {
  /** Writes a part, whole or not at all; again under the same number replaces it. */
  write(job: JobId, part: number, bytes: Uint8Array): Promise<void>;
  /** Writes all of it at once as it is made, whole or not at all. Gives its bytes. @throws {TooLargeError} beyond `maxBytes` */
  put(job: JobId, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number>;
  /** All parts, one after the other. Null where there is none. */
  open(job: JobId): Promise<{ size: number; stream: ReadableStream<Uint8Array> } | null>;
  /** Bytes of all parts. Null where there is none. */
  size(job: JobId): Promise<number | null>;
  /** What a job keeps beside its file until that is made; removed with the file, too. */
  stage(job: JobId, name: StageName): Stage;
  /** Removes what a job kept until its file was made. */
  unstage(job: JobId): Promise<void>;
  remove(job: JobId): Promise<void>;
  /** Jobs that have files. */
  list(): Promise<JobId[]>;
}

const stageNames = ["pages", "runs"] as const;
/** Names of stages. */
export type StageName = (typeof stageNames)[number];

/** Numbered pieces that a job has made so far, for the next run of it and for the file at the end. */
export interface Stage {
  /** Writes a piece as it is made, whole or not at all; again under the same number replaces it. Gives its bytes. */
  write(piece: number, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number>;
  /** The bytes of a piece; must be read to the end or cancelled. @throws {Error} where it isn't there */
  read(piece: number): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** Thrown where a file or piece would be larger than it may be; nothing of it is kept. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** Folder of export files on the samples' volume: begins with a dot, as no folder of samples does. */
export const EXPORTS_FOLDER = ".exports";

/** Export files on the volume of that sample folder. @throws {SampleStoreAwayError} where it isn't there */
export async function createExportFiles(options: Pick<SampleFolder, "path" | "mount">): Promise<ExportFiles> {
  const volume = await openFolder(resolve(options.path), options.mount ?? "any");
  const folder = (job: JobId) => join(volume.root, JobId.parse(job));
  const part = (job: JobId, number: number) => join(folder(job), String(number).padStart(8, "0"));

  async function parts(job: JobId): Promise<string[]> {
    const names = await volume.ask(() => Array.fromAsync(Deno.readDir(folder(job)), ({ name }) => name)) ??
      [];
    return names.filter((name) => /^\d{8}$/.test(name)).sort().map((name) => join(folder(job), name));
  }

  async function remove(path: string): Promise<void> {
    await volume.ask(() => Deno.remove(path, { recursive: true }));
  }

  /** Bytes of parts that are there; null where there is none. */
  async function sizeOf(paths: readonly string[]): Promise<number | null> {
    if (paths.length === 0) return null;
    let size = 0;
    for (const path of paths) size += (await volume.ask(() => Deno.stat(path)))?.size ?? 0;
    return size;
  }

  function write(target: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number> {
    return volume.land(async (file) => {
      let size = 0;
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > maxBytes) throw new TooLargeError(`Cannot keep more than ${maxBytes} bytes`);
        for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
      }
      await file.sync();
      return { target, result: size };
    });
  }

  return {
    async write(job, number, bytes) {
      await write(part(job, number), once(bytes), Infinity);
    },
    put: (job, chunks, maxBytes) => write(part(job, 0), chunks, maxBytes),

    async open(job) {
      const paths = await parts(job);
      const size = await sizeOf(paths);
      return size === null ? null : { size, stream: ReadableStream.from(read(paths)) };
    },
    size: async (job) => await sizeOf(await parts(job)),

    stage(job, name) {
      const path = (piece: number) => join(folder(job), name, String(piece).padStart(8, "0"));
      return {
        write: (piece, chunks, maxBytes) => write(path(piece), chunks, maxBytes),
        async read(piece) {
          const file = await volume.ask(() => Deno.open(path(piece)));
          if (file === null) throw new Error(`Cannot find piece ${piece} of '${name}' of job '${job}'`);
          return file.readable;
        },
      };
    },
    async unstage(job) {
      for (const name of stageNames) await remove(join(folder(job), name));
    },
    remove: (job) => remove(folder(job)),

    async list() {
      const names = await volume.ask(() => Array.fromAsync(Deno.readDir(volume.root), ({ name }) => name)) ??
        [];
      return names.flatMap((name) => JobId.safeParse(name).data ?? []);
    },
  };
}

/** A folder of its own with its temporary files, so that a process can be let at this and not at samples. */
async function openFolder(samples: string, mount: MountKind): Promise<Volume> {
  const root = join(samples, EXPORTS_FOLDER);
  try {
    if (mount === "glusterfs") await requireGlusterfs(samples);
    await Deno.mkdir(root, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SampleStoreAwayError(`Cannot keep exports at '${root}': ${why}`, { cause });
  }
  return await openVolume(root, mount);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* read(paths: readonly string[]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const path of paths) {
    using file = await Deno.open(path);
    for (;;) {
      const buffer = new Uint8Array(65_536);
      const count = await file.read(buffer);
      if (count === null) break;
      yield buffer.subarray(0, count);
    }
  }
}
