import assert from "node:assert/strict";
import { join } from "node:path";
import { openOutput } from "./output.ts";

const stream = (...texts: string[]) =>
  ReadableStream.from(texts.map((text) => new TextEncoder().encode(text)));
const usual = { force: false, binary: false };

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openOutput() writes a file and leaves nothing else", () =>
  inFolder(async (folder) => {
    const path = join(folder, "report.json");
    const output = await openOutput(path, usual);
    assert.equal(await output.write(stream("{", "}")), 2);
    assert.equal(await Deno.readTextFile(path), "{}");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["report.json"]);
  }));

Deno.test("openOutput() replaces a file only if that is wanted, and only by a whole one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "report.json");
    await Deno.writeTextFile(path, "old");
    await assert.rejects(openOutput(path, usual), /it is there already; --force replaces it/);
    const broken = await openOutput(path, { ...usual, force: true });
    await assert.rejects(broken.write(ReadableStream.from(failing())), /broke off/);
    await broken.discard();
    assert.equal(await Deno.readTextFile(path), "old");
    await (await openOutput(path, { ...usual, force: true })).write(stream("new"));
    assert.equal(await Deno.readTextFile(path), "new");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["report.json"]);
  }));

Deno.test("openOutput() keeps a file that somebody made meanwhile", () =>
  inFolder(async (folder) => {
    const path = join(folder, "report.json");
    const output = await openOutput(path, usual);
    await Deno.writeTextFile(path, "theirs");
    await assert.rejects(output.write(stream("ours")), /it is there already/);
    await output.discard();
    assert.equal(await Deno.readTextFile(path), "theirs");
  }));

async function* failing() {
  yield await Promise.resolve(new TextEncoder().encode("{"));
  throw new Error("The connection broke off");
}
