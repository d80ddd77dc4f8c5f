import assert from "node:assert/strict";
import { models } from "../fixtures/reports.ts";
import { defang } from "../model/defang.ts";
import { renderCsv } from "./render.ts";

Deno.test("renderCsv() gives the digests and every indicator as it is", () => {
  for (const [name, model] of models()) {
    const [, header, ...rows] = readCsv(renderCsv(model));
    assert.deepEqual(header, ["type", "value", "seen", "source", "sample", "verdict", "score", "tlp"]);
    const expected = [
      ...Object.entries(model.digests),
      ...model.indicators.map(({ type, value }) => [type, value]),
    ];
    assert.deepEqual(rows.map(([type, value]) => [type, value!.replace(/^(\s*)'/, "$1")]), expected, name);
    assert(rows.every((row) => row.length === header!.length));
  }
});

Deno.test("renderCsv() starts no cell as a formula", () => {
  for (const model of models().values()) {
    for (const row of readCsv(renderCsv(model)).slice(1)) {
      for (const cell of row) assert.doesNotMatch(cell, /^\s*[=+\-@|\t\r＝＋－＠]/);
    }
  }
});

Deno.test("renderCsv() says in a comment what it contains", () => {
  assert.match(renderCsv(models().get("elf")!), /^# Contains what its recipient may see at TLP:CLEAR\r\n/);
});

Deno.test("renderCsv() defangs indicators where that is asked for, and no digest", () => {
  const model = models().get("pe")!;
  const rows = readCsv(renderCsv(model, true)).slice(2);
  const values = [
    ...Object.values(model.digests),
    ...model.indicators.map(({ type, value }) => defang(type, value)),
  ];
  assert.deepEqual(rows.map(([, value]) => value), values);
});

/** Reads CSV by RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  let row: string[] = [];
  for (const [, cell, end] of text.matchAll(cells)) {
    row.push(cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  assert.equal(row.length, 0);
  return rows;
}
