import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { demoFiles } from "./files.ts";

Deno.test("demoFiles() gives small real files of several kinds, the same each time", async () => {
  const [files, again] = await Promise.all([demoFiles(), demoFiles()]);
  const begins = (name: string) => {
    const file = files.find((file) => file.name === name) ?? assert.fail(`no '${name}'`);
    return String.fromCharCode(...file.bytes.slice(0, 4));
  };
  assert.equal(begins("letter.pdf"), "%PDF");
  assert.equal(begins("eicar.zip"), "PK\x03\x04");
  assert.equal(begins("notes.txt.gz").slice(0, 2), "\x1f\x8b");
  assert.ok(files.some(({ bytes }) => bytes[0] === 0x7f && bytes[1] === 0x45) || Deno.build.os !== "linux");
  assert.ok(files.some(({ name }) => name.endsWith(".wasm")));
  assert.ok(
    files.length >= 10 && files.every(({ bytes }) => bytes.length > 0 && bytes.length <= 16 * 1024 * 1024),
  );
  // The published digest of the test file: EICAR, "Anti-malware test file".
  const eicar = files.find(({ name }) => name === "eicar.com") ?? assert.fail();
  assert.equal(createHash("md5").update(eicar.bytes).digest("hex"), "44d88612fea8a8f36de82e1278abb02f");
  const stable = (list: typeof files) => list.filter(({ name }) => name !== "eicar-infected.zip");
  assert.deepEqual(stable(files), stable(again));
});
