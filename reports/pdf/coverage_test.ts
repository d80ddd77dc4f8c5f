import assert from "node:assert/strict";
import { testPrintParts } from "../../infra/install/testing.ts";
import { nameUncovered, readCoverage } from "./coverage.ts";

Deno.test("readCoverage() finds the scripts that names come in", async () => {
  const coverage = await readCoverage((await testPrintParts()).fonts);
  for (
    const text of [
      "Aß€→✓",
      "Ωλ",
      "Жя",
      "漢字日本語カタカナ한국어",
      "العربية",
      "עברית",
      "हिन्दी",
      "ไทย",
      "😀⚠☃",
    ]
  ) {
    assert.equal(nameUncovered(text, coverage), text);
  }
});

Deno.test("nameUncovered() names what no font has", async () => {
  const coverage = await readCoverage((await testPrintParts()).fonts);
  assert.equal(nameUncovered("a\u{13000}b\uFFFFc\u{10FFFF}", coverage), "a[U+13000]b[U+FFFF]c[U+10FFFF]");
});

Deno.test("readCoverage() refuses a file that is no font", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/x.ttf`, new Uint8Array([0, 1, 0, 0, 0, 9]));
  await assert.rejects(readCoverage(folder), /Cannot read a font: it ends before 16/);
  await Deno.remove(folder, { recursive: true });
});
