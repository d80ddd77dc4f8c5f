import { IMPORT_LIMITS, ImportReading, type Tlp } from "@assay/core";
import assert from "node:assert/strict";
import { models } from "../fixtures/reports.ts";
import { markingId } from "../stix/marking.ts";
import type { StixObject } from "../stix/object.ts";
import { renderStix } from "../stix/render.ts";
import { testSettings } from "../stix/testing.ts";
import { readImport } from "./read.ts";

const now = new Date("2026-11-24T12:00:00Z");
const [md5, sha256, other] = ["a".repeat(32), "c".repeat(64), "d".repeat(64)];
const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

/** Reads these bytes, or objects of a bundle. */
async function read(
  given: unknown,
  tlp: Tlp = "amber",
  format: "stix" | "known" = "stix",
): Promise<ImportReading> {
  const { schemas } = await testSettings();
  const bundle = Array.isArray(given)
    ? { type: "bundle", id: `bundle--${uuid("0")}`, objects: given }
    : given;
  const bytes = given instanceof Uint8Array ? given : new TextEncoder().encode(JSON.stringify(bundle));
  const reading = readImport(bytes, { format, tlp, verdict: "bad" }, { schemas: () => schemas, now });
  return ImportReading.parse(reading);
}

function object(type: string, digit: string, properties: Record<string, unknown>): StixObject {
  const times = { created: "2026-01-01T00:00:00.000Z", modified: "2026-01-01T00:00:00.000Z" };
  return { type, spec_version: "2.1", id: `${type}--${uuid(digit)}`, ...times, ...properties };
}

const file = (digit: string, hashes: Record<string, string>, more = {}): StixObject => ({
  type: "file",
  spec_version: "2.1",
  id: `file--${uuid(digit)}`,
  hashes,
  ...more,
});
const indicator = (digit: string, pattern: string, more = {}) =>
  object("indicator", digit, { pattern, pattern_type: "stix", valid_from: "2026-01-01T00:00:00Z", ...more });
const isMd5 = `[file:hashes.MD5 = '${md5}']`;
const marked = (tlp: Tlp) => ({ object_marking_refs: [markingId(tlp)] });
const hashesOf = ({ hashes }: ImportReading) => hashes.map(({ value, tlp }) => [value, tlp]);

Deno.test("readImport() takes what Assay gives away: the hash of each malicious report, with nothing refused", async () => {
  const settings = await testSettings();
  for (const [name, model] of models()) {
    const reading = await read(JSON.parse(renderStix(model, settings)));
    assert.deepEqual(reading.refused, { count: 0, first: [] }, name);
    const bad = model.verdict.level === "malicious";
    if (bad && model.size > 0) assert(reading.hashes.some(({ value }) => value === model.sha256), name);
    if (model.verdict.level === "benign") assert.deepEqual(reading.hashes, [], name);
  }
});

Deno.test("readImport() takes files of malware and of malicious analyses, not of others", async () => {
  const reading = await read([
    file("1", { MD5: md5, "SHA-256": sha256 }),
    file("2", { "SHA-256": other }),
    file("3", { "SHA-1": "e".repeat(40) }),
    object("malware", "4", { name: "Emotet", is_family: false, sample_refs: [`file--${uuid("1")}`] }),
    object("malware-analysis", "5", { product: "av", result: "malicious", sample_ref: `file--${uuid("3")}` }),
    object("malware-analysis", "6", {
      product: "av",
      result: "suspicious",
      sample_ref: `file--${uuid("2")}`,
    }),
  ]);
  assert.deepEqual(reading.hashes, [
    {
      algorithm: "sha256",
      value: sha256,
      verdict: "bad",
      tlp: "amber",
      note: `Emotet (malware--${uuid("4")})`,
    },
    {
      algorithm: "sha1",
      value: "e".repeat(40),
      verdict: "bad",
      tlp: "amber",
      note: `av (malware-analysis--${uuid("5")})`,
    },
  ]);
});

Deno.test("readImport() never takes a hash or a text at a lower level than what leads to it", async () => {
  const objects = [
    file("1", { "SHA-256": sha256 }, marked("red")),
    object("malware", "2", {
      name: "X",
      is_family: false,
      description: "Steals",
      sample_refs: [`file--${uuid("1")}`],
      ...marked("green"),
    }),
    object("report", "3", {
      name: "Weekly",
      description: "All of it",
      published: "2026-01-01T00:00:00Z",
      object_refs: [`malware--${uuid("2")}`],
      ...marked("amber+strict"),
    }),
    indicator("4", isMd5, {
      ...marked("clear"),
      granular_markings: [{ marking_ref: markingId("amber"), selectors: ["name"] }],
      name: "n",
    }),
  ];
  const reading = await read(objects, "clear");
  assert.deepEqual(hashesOf(reading), [[sha256, "red"], [md5, "amber"]]);
  assert.deepEqual(reading.texts.map(({ text, tlp, hashes }) => [text, tlp, hashes]), [
    [`X\n\nSteals\n\nmalware--${uuid("2")}, TLP:RED`, "red", [sha256]],
    [`Weekly\n\nAll of it\n\nreport--${uuid("3")}, TLP:RED`, "red", [sha256]],
  ]);
  assert.deepEqual(hashesOf(await read([indicator("1", isMd5)], "red")), [[md5, "red"]]);
});

Deno.test("readImport() reads levels of TLP 1 and of definitions that come along, and refuses unknown ones", async () => {
  const white = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9";
  const statement = object("marking-definition", "8", {
    modified: undefined,
    definition_type: "statement",
    definition: { statement: "Copyright" },
  });
  const reading = await read([
    indicator("1", isMd5, { object_marking_refs: [white] }),
    indicator("2", `[file:hashes.'SHA-256' = '${sha256}']`, { object_marking_refs: [statement.id] }),
    indicator("3", `[file:hashes.'SHA-256' = '${other}']`, {
      object_marking_refs: [`marking-definition--${uuid("9")}`, white],
    }),
    statement,
  ], "green");
  assert.deepEqual(hashesOf(reading), [[md5, "clear"], [sha256, "green"]]);
  assert.deepEqual(reading.refused.first, [{
    where: `indicator--${uuid("3")}`,
    why: `object_marking_refs: expected a marking that is known, got 'marking-definition--${uuid("9")}'`,
  }]);
});

Deno.test("readImport() refuses each bad object by itself and takes the rest", async () => {
  const bad: readonly [unknown, RegExp][] = [
    [7, /expected an object/],
    [{ type: "file" }, /id: expected 'file--'/],
    [{ ...file("1", { MD5: md5 }), id: `url--${uuid("1")}` }, /id: expected 'file--'/],
    [file("1", { MD5: "xyz" }), /hashes\/MD5: must match pattern/],
    [object("malware", "1", { name: "X" }), /must have required property 'is_family'/],
    [
      object("malware", "1", { is_family: false, sample_refs: [`url--${uuid("1")}`] }),
      /sample_refs: expected file or artifact/,
    ],
    [indicator("1", isMd5, { modified: "2025-01-01T00:00:00.000Z" }), /modified: expected '2026/],
    [indicator("1", isMd5, { valid_until: "2026-02-30T25:00:00Z" }), /valid_until/],
    [indicator("1", isMd5, { valid_from: undefined }), /must have required property 'valid_from'/],
    [{ ...indicator("1", isMd5), ["k".repeat(300)]: 1 }, /names of properties/],
    [
      JSON.parse(`{"type":"file","id":"file--${uuid("1")}","__proto__":{"hashes":{"MD5":"${md5}"}}}`),
      /must/,
    ],
  ];
  for (const [one, why] of bad) {
    const reading = await read([one, indicator("9", `[file:hashes.'SHA-256' = '${sha256}']`)]);
    assert.deepEqual(hashesOf(reading), [[sha256, "amber"]], String(why));
    assert.match(reading.refused.first[0]!.why, why);
  }
});

Deno.test("readImport() tells what it doesn't understand or must not take for bad", async () => {
  const reading = await read([
    indicator("1", "[ipv4-addr:value = '198.51.100.1']"),
    indicator("2", "rule x { condition: true }", { pattern_type: "yara" }),
    indicator("3", isMd5, { valid_until: "2026-11-24T12:00:00Z" }),
    indicator("4", isMd5, { indicator_types: ["benign"] }),
    indicator("5", isMd5, { revoked: true }),
    object("identity", "6", { name: "CERT", identity_class: "organization" }),
  ]);
  assert.deepEqual([reading.objects, reading.hashes, reading.refused.count], [6, [], 0]);
  assert.deepEqual(reading.notUnderstood.first.map(({ why }) => why), [
    "its pattern: expected file:hashes at 1, got 'ipv4-addr:value = '198.51.100.1']'",
    "its pattern is of type 'yara'",
    "it was valid until 2026-11-24T12:00:00Z",
    "it is an indicator of something benign",
  ]);
});

Deno.test("readImport() takes the newest version of an object, whatever their order", async () => {
  const old = indicator("1", isMd5);
  const gone = indicator("1", isMd5, { modified: "2026-03-01T00:00:00.000Z", revoked: true });
  assert.deepEqual((await read([gone, old])).hashes, []);
  assert.deepEqual((await read([old, gone])).hashes, []);
});

Deno.test("readImport() connects malware with what its indicators name, and notes with what they are about", async () => {
  const reading = await read({
    more: false,
    objects: [
      indicator("1", isMd5),
      object("malware", "2", { name: "Fam\u202e", is_family: true, description: "Line\r\ntwo\u0000" }),
      object("relationship", "3", {
        relationship_type: "indicates",
        source_ref: `indicator--${uuid("1")}`,
        target_ref: `malware--${uuid("2")}`,
      }),
      object("note", "4", { content: "Nothing here", object_refs: [`malware--${uuid("7")}`] }),
      object("note", "5", {
        abstract: "A",
        content: "ü".repeat(20_000),
        object_refs: [`indicator--${uuid("1")}`],
      }),
    ],
  });
  const [malware, note] = reading.texts;
  assert.equal(malware!.text, `Fam[U+202E]\n\nLine\ntwo[U+0000]\n\nmalware--${uuid("2")}, TLP:AMBER`);
  assert.deepEqual(malware!.hashes, [md5]);
  assert.equal(new TextEncoder().encode(note!.text).length <= 16_384, true);
  assert.match(note!.text, new RegExp(`ü…\n\nnote--${uuid("5")}, TLP:AMBER$`));
  assert.equal(reading.texts.length, 2);
});

Deno.test("readImport() refuses what is no bundle, too deep, too long or no text, and says why", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const objects = Array.from({ length: IMPORT_LIMITS.objects + 1 }, () => 1);
  const all: readonly [unknown, RegExp][] = [
    [bytes(""), /expected valid JSON/],
    [bytes('{"type":"bundle","objects":['), /expected valid JSON/],
    [new Uint8Array([0xff, 0xfe]), /expected UTF-8/],
    [bytes("[".repeat(1_000_000)), /at most 40 levels/],
    [bytes(`{"a":"${"[".repeat(100)}"}`), /expected a bundle/],
    [bytes("[]"), /expected a bundle/],
    [bytes("null"), /expected a bundle/],
    [{ type: "report", objects: [] }, /expected a bundle/],
    [{ type: "bundle", objects: {} }, /expected a bundle/],
    [objects, /at most 20000 objects, got 20001/],
    [new Uint8Array(IMPORT_LIMITS.bytes + 1), /at most 16777216 bytes/],
  ];
  for (const [given, why] of all) {
    await assert.rejects(read(given), (error: Error) => {
      assert.equal(error.name, "UnreadableImportError");
      assert.match(error.message, why);
      return true;
    });
  }
});

Deno.test("readImport() reads a text that takes the schemas' own expressions exponential time", async () => {
  const slow = `${"a".repeat(200)}!`;
  const reading = await read([{ ...file("1", { MD5: md5 }), type: slow, id: `${slow}--${uuid("1")}` }, {
    ...file("2", { MD5: md5 }),
    extensions: { [slow]: {} },
  }]);
  assert.equal(reading.refused.count, 2);
});
