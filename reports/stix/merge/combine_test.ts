import type { Tlp } from "@assay/core";
import assert from "node:assert/strict";
import { markingId } from "../marking.ts";
import type { StixObject } from "../object.ts";
import { combine } from "./combine.ts";

const file = (tlp: Tlp, properties: Record<string, unknown>): StixObject => ({
  type: "file",
  spec_version: "2.1",
  id: "file--1",
  ...properties,
  object_marking_refs: [markingId(tlp)],
});
const note = (modified: string, content: string): StixObject => ({
  type: "note",
  id: "note--1",
  created: "2026-01-01T00:00:00.000Z",
  modified,
  content,
});

Deno.test("combine() keeps the newest version, whatever came first", () => {
  const [old, young] = [note("2026-01-02T00:00:00.000Z", "z"), note("2026-01-03T00:00:00.000Z", "a")];
  assert.equal(combine([old, young]), young);
  assert.equal(combine([young, old]), young);
  const same = note(String(young.modified), "b");
  assert.equal(combine([same, young]), same);
  assert.equal(combine([young, same]), same);
});

Deno.test("combine() puts together what reports know of a file, at the most restricted of their levels", () => {
  const parts = [
    file("green", { hashes: { "SHA-256": "aa" }, size: 7, contains_refs: ["file--3", "file--2"] }),
    file("amber", { hashes: { "SHA-256": "aa", SSDEEP: "3:a:b" }, contains_refs: ["file--2", "file--4"] }),
    file("clear", { hashes: { "SHA-256": "aa" }, mime_type: "application/zip" }),
  ] as const;
  const expected = file("amber", {
    hashes: { "SHA-256": "aa", SSDEEP: "3:a:b" },
    size: 7,
    mime_type: "application/zip",
    contains_refs: ["file--2", "file--3", "file--4"],
  });
  const texts = [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 1, 2, 0]].map((order) => {
    const [first, ...others] = order.map((at) => parts[at]!);
    const combined = combine([first!, ...others]);
    assert.deepEqual(combined, expected);
    return JSON.stringify(combined);
  });
  assert.equal(new Set(texts).size, 1);
});

Deno.test("combine() refuses an observable without a level", () => {
  assert.throws(
    () => combine([{ type: "url", id: "url--1", value: "http://a.example/" }]),
    /marked by TLP 2\.0/,
  );
});
