import { type JobId, newId } from "@assay/core";
import assert from "node:assert/strict";
import { createExportFiles, type ExportFiles, TooLargeError } from "./exports.ts";

async function withFiles(run: (files: ExportFiles, root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await run(await createExportFiles({ path: root }), root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function* chunks(...texts: string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

const textOf = async (files: ExportFiles, job: JobId) => {
  const file = await files.open(job);
  return file === null ? null : [file.size, await new Response(file.stream).text()];
};
const leftOver = (root: string) => Array.fromAsync(Deno.readDir(`${root}/.exports/.incoming`));

Deno.test("put() keeps a file whole or not at all, within its bytes", () =>
  withFiles(async (files, root) => {
    const job = newId<JobId>();
    assert.equal(await files.put(job, chunks("one", "two"), 6), 6);
    assert.deepEqual(await textOf(files, job), [6, "onetwo"]);
    await assert.rejects(files.put(job, chunks("four", "five"), 6), TooLargeError);
    async function* broken() {
      yield* chunks("half");
      throw new Error("broken");
    }
    await assert.rejects(files.put(job, broken(), 6), /broken/);
    assert.deepEqual(await textOf(files, job), [6, "onetwo"]);
    assert.deepEqual(await leftOver(root), []);
  }));

Deno.test("stage() keeps pieces beside the file, which unstage() and remove() take away", () =>
  withFiles(async (files) => {
    const job = newId<JobId>();
    const [pages, runs] = [files.stage(job, "pages"), files.stage(job, "runs")];
    await pages.write(0, chunks("first"), 100);
    assert.equal(await pages.write(0, chunks("again"), 100), 5);
    await runs.write(0, chunks("run"), 100);
    assert.equal(await new Response(await pages.read(0)).text(), "again");
    assert.equal(await new Response(await runs.read(0)).text(), "run");
    await assert.rejects(pages.read(1), /piece 1 of 'pages'/);
    assert.deepEqual([await textOf(files, job), await files.size(job)], [null, null]);
    assert.deepEqual(await files.list(), [job]);
    await files.put(job, chunks("file"), 100);
    await files.unstage(job);
    await assert.rejects(pages.read(0), /Cannot find/);
    assert.deepEqual([await textOf(files, job), await files.size(job)], [[4, "file"], 4]);
    await runs.write(1, chunks("late"), 100);
    await files.remove(job);
    assert.deepEqual([await files.open(job), await files.list()], [null, []]);
    await files.unstage(job);
  }));

Deno.test("write() adds parts, which open() gives one after the other", () =>
  withFiles(async (files) => {
    const job = newId<JobId>();
    await files.write(job, 1, new TextEncoder().encode("second"));
    await files.write(job, 0, new TextEncoder().encode("first "));
    assert.deepEqual(await textOf(files, job), [12, "first second"]);
  }));
