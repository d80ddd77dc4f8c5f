import type { ReportComparison } from "@assay/core";
import assert from "node:assert/strict";
import { partsOf } from "./rows.ts";

const counts = (onlyA: number, onlyB: number, both: number) => ({ onlyA, onlyB, both });
const none = { onlyA: [], onlyB: [], counts: counts(0, 0, 0) };

/** A comparison of two reports that differ in size, a domain and one module. */
function comparison(): ReportComparison {
  const end = { status: "ok", reason: null, version: "1.0.0", definition: null, observations: 2 };
  return {
    facts: [
      { name: "size", a: 1, b: 2, same: false },
      { name: "fileType", a: "pe", b: "pe", same: true },
    ],
    verdict: {
      a: { level: "malicious", score: 80 },
      b: { level: "malicious", score: 80 },
      same: true,
      reasons: { onlyA: [], onlyB: [], both: [{ heuristic: "packer", title: "Packed", changed: false }] },
    },
    tags: none,
    children: none,
    fields: [
      { field: "domain", onlyA: ["a.example"], onlyB: [], counts: counts(300, 0, 4) },
      { field: "pe.imphash", onlyA: [], onlyB: [], counts: counts(0, 0, 1) },
    ],
    strings: none,
    modules: [{ module: "yara", change: "onlyB", a: null, b: end }],
    sections: [],
  } as unknown as ReportComparison;
}

Deno.test("partsOf() tells differences from what is the same, and says how many more there are", () => {
  const rows = partsOf(comparison()).flatMap((part) => part.rows);
  assert.deepEqual(rows.filter(({ differs }) => differs).map(({ what }) => what), [
    "size",
    "domain, 4 in both",
    "yara",
  ]);
  assert.deepEqual(rows.find(({ what }) => what.startsWith("domain"))!.a, ["a.example", "… and 299 more"]);
  assert.deepEqual(rows.find(({ what }) => what === "pe.imphash")!.a, ["the same value"]);
});

Deno.test("partsOf() leaves out what neither has", () => {
  const empty = partsOf(comparison()).filter(({ rows }) => rows.length === 0).map(({ title }) => title);
  assert.deepEqual(empty, ["Tags", "Sections", "Extracted files", "Strings"]);
});
