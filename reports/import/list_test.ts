import { IMPORT_LIMITS, type ImportOptions } from "@assay/core";
import assert from "node:assert/strict";
import fc from "fast-check";
import { readKnown, readLines, readTable } from "./list.ts";

const [md5, sha1, sha256] = ["a".repeat(32), "b".repeat(40), "c".repeat(64)];
const options: ImportOptions = { format: "text", tlp: "amber", verdict: "bad" };
const short = ({ hashes }: ReturnType<typeof readLines>) =>
  hashes.map(({ algorithm, value, verdict, tlp, note }) => [algorithm, value, verdict, tlp, note]);

Deno.test("readLines() reads a hash a line, with what follows as its note, and tells what is none", () => {
  const text =
    `\ufeff# comment\r\n${md5}\n${sha1.toUpperCase()}  *a \u202eexe\r${sha256}; Emotet\n\n  ${md5}\nnothing\n`;
  const reading = readLines(text, options);
  assert.deepEqual(short(reading), [
    ["md5", md5, "bad", "amber", null],
    ["sha1", sha1, "bad", "amber", "a [U+202E]exe"],
    ["sha256", sha256, "bad", "amber", "Emotet"],
  ]);
  assert.equal(reading.objects, 5);
  assert.deepEqual(reading.refused, {
    count: 1,
    first: [{ where: "line 7", why: "expected a SHA-256, SHA-1 or MD5, got 'nothing'" }],
  });
});

Deno.test("readTable() reads columns by their names, the strongest hash of a row, levels and verdicts", () => {
  const table = `SHA-1;MD5;File Name;TLP;Verdict
${sha1};${md5};"a ""b"";c";TLP:RED;
${sha1.replace("b", "d")};;;white;good
;${"e".repeat(32)};x;green;perhaps
;${"f".repeat(32)};x;pink;
;;;;
;nothing;y;;`;
  const reading = readTable(table, options);
  assert.deepEqual(short(reading), [
    ["sha1", sha1, "bad", "red", 'a "b";c'],
    ["sha1", sha1.replace("b", "d"), "good", "clear", null],
  ]);
  assert.equal(reading.objects, 5);
  assert.deepEqual(reading.refused.first, [
    { where: "row 4", why: "verdict: expected good or bad, got 'perhaps'" },
    { where: "row 5", why: "tlp: expected clear, green, amber, amber+strict, red, got 'pink'" },
    { where: "row 7", why: "expected a SHA-256, SHA-1 or MD5" },
  ]);
});

Deno.test("readTable() reads NSRL's columns as known good, a table without names, and refuses one without hashes", () => {
  const nsrl = `"SHA-1","MD5","CRC32","FileName","FileSize"\n"${sha1}","${md5}","00","x.dll",7\n`;
  assert.deepEqual(short(readTable(nsrl, { ...options, verdict: "good" })), [[
    "sha1",
    sha1,
    "good",
    "amber",
    "x.dll",
  ]]);
  const bare = readTable(`2026-01-01,${md5}\n2026-01-02,${sha256},x\nz,z\n`, options);
  assert.deepEqual(bare.hashes.map(({ value }) => value), [md5, sha256]);
  assert.deepEqual(bare.refused.first.map(({ where }) => where), ["row 3"]);
  assert.throws(() => readTable("name,size\nx,1", options), /expected a column 'sha256'/);
});

Deno.test("readKnown() reads entries as they are put, each by itself", () => {
  const entries = [
    { algorithm: "sha256", value: sha256, verdict: "good", source: "nsrl", note: "x.dll", tlp: "green" },
    { algorithm: "md5", value: sha256 },
    { algorithm: "crc", value: "1" },
    null,
  ];
  const reading = readKnown({ hashes: entries }, options);
  assert.deepEqual(short(reading), [["sha256", sha256, "good", "green", "nsrl: x.dll"]]);
  assert.deepEqual(reading.refused.first.map(({ where }) => where), ["entry 2", "entry 3", "entry 4"]);
  assert.deepEqual(short(readKnown(entries.slice(0, 1), options)), short(reading));
  for (const other of [null, 7, "x", {}, { hashes: 1 }]) {
    assert.throws(() => readKnown(other, options), /expected a list/);
  }
});

Deno.test("lists stop at the limit of hashes, and list only the first of what is refused", () => {
  const many = Array.from({ length: IMPORT_LIMITS.hashes + 1 }, (_, at) => at.toString(16).padStart(32, "0"));
  assert.throws(() => readLines(many.join("\n"), options), { name: "UnreadableImportError" });
  const { refused } = readLines("x\n".repeat(1000), options);
  assert.deepEqual([refused.count, refused.first.length], [1000, IMPORT_LIMITS.listed]);
});

Deno.test("lists take any text without a throw but that of a table without hashes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.deepEqual(readLines(text, options).hashes, []);
    try {
      readTable(text, options);
    } catch (error) {
      assert.equal((error as Error).name, "UnreadableImportError");
    }
  }));
});
