import assert from "node:assert/strict";
import fc from "fast-check";
import { join } from "node:path";
import { readLines } from "./lines.ts";
import { openLogFile } from "./log_file.ts";

const collect = async (chunks: readonly string[], maxLength?: number) => {
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
  return await Array.fromAsync(readLines(ReadableStream.from(bytes), maxLength));
};

Deno.test("readLines() gives the same lines however the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-zäß€😀]{0,12}$/u), { maxLength: 8 }),
      fc.nat(5),
      async (lines, by) => {
        const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
        const chunks: Uint8Array<ArrayBuffer>[] = [];
        for (let at = 0; at < bytes.length; at += by + 1) chunks.push(bytes.slice(at, at + by + 1));
        assert.deepEqual(await Array.fromAsync(readLines(ReadableStream.from(chunks))), lines);
      },
    ),
  );
});

Deno.test("readLines() cuts endless lines and keeps a last line without end", async () => {
  assert.deepEqual(await collect(["abcdef", "gh\nij\r\nk"], 3), ["abc", "def", "gh", "ij", "k"]);
  assert.deepEqual(await collect([]), []);
});

Deno.test("openLogFile() turns over at its size and keeps one older file", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "x.log");
  {
    using log = openLogFile(path, 200);
    for (let n = 0; n < 20; n++) log.write(`line ${n}`);
  }
  {
    using log = openLogFile(path, 200);
    log.write("after reopening");
  }
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
  assert.deepEqual(names, ["x.log", "x.log.1"]);
  for (const name of names) assert.ok((await Deno.stat(join(folder, name))).size <= 200);
  assert.match(await Deno.readTextFile(path), /Z after reopening\n$/);
  await Deno.remove(folder, { recursive: true });
});
