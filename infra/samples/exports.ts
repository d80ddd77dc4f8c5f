import { JobId } from "@assay/core";
import { join, resolve } from "node:path";
import type { SampleFolder } from "./folder.ts";
import { openVolume } from "./volume.ts";

/** Files that jobs make for their owners, kept on the samples' volume in parts, so that a job can go on after a crash. */
export interface ExportFiles {
  /** Writes a part, whole or not at all; again under the same number replaces it. */
  write(job: JobId, part: number, bytes: Uint8Array): Promise<void>;
  /** All parts, one after the other. Null where there is none. */
  open(job: JobId): Promise<{ size: number; stream: ReadableStream<Uint8Array> } | null>;
  remove(job: JobId): Promise<void>;
  /** Jobs that have files. */
  list(): Promise<JobId[]>;
}

/** Begins with a dot, as no folder of samples does. */
const FOLDER = ".exports";

/** Export files on the volume of that sample folder. @throws {SampleStoreAwayError} where it isn't there */
export async function createExportFiles(options: Pick<SampleFolder, "path" | "mount">): Promise<ExportFiles> {
  const volume = await openVolume(resolve(options.path), options.mount ?? "any");
  const folder = (job: JobId) => join(volume.root, FOLDER, JobId.parse(job));
  const part = (job: JobId, number: number) => join(folder(job), String(number).padStart(8, "0"));

  async function parts(job: JobId): Promise<string[]> {
    const names = await volume.ask(() => Array.fromAsync(Deno.readDir(folder(job)), ({ name }) => name)) ??
      [];
    return names.sort().map((name) => join(folder(job), name));
  }

  return {
    async write(job, number, bytes) {
      await volume.land(async (file) => {
        for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
        await file.sync();
        return { target: part(job, number), result: undefined };
      });
    },

    async open(job) {
      const paths = await parts(job);
      if (paths.length === 0) return null;
      let size = 0;
      for (const path of paths) size += (await volume.ask(() => Deno.stat(path)))?.size ?? 0;
      return { size, stream: ReadableStream.from(read(paths)) };
    },

    async remove(job) {
      await volume.ask(() => Deno.remove(folder(job), { recursive: true }));
    },

    async list() {
      const root = join(volume.root, FOLDER);
      const names = await volume.ask(() => Array.fromAsync(Deno.readDir(root), ({ name }) => name)) ?? [];
      return names.flatMap((name) => JobId.safeParse(name).data ?? []);
    },
  };
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
