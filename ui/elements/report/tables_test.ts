import type { Observation, Report } from "@assay/core";
import assert from "node:assert/strict";
import { tablesOf } from "./tables.ts";

/** A report of one module; only what tables are made of is there. */
function report(module: string, observations: readonly Observation[], raw: unknown = null): Report {
  return { modules: [{ module, status: "ok", observations, raw }] } as unknown as Report;
}
const section = (title: string, columns: string[], rows: (string | number | null)[][]): Observation => ({
  type: "section",
  title,
  columns,
  rows,
  total: rows.length,
});

Deno.test("tablesOf() defangs addresses for the eye and keeps them as they are for queries", () => {
  const [indicators] = tablesOf(
    report("strings", [{ type: "observable", kind: "url", value: "http://evil.example/\u202E" }]),
  );
  assert.deepEqual(indicators!.rows[0]![1], [
    { shown: "hxxp[:]//evil[.]example/\\u{202e}", raw: "http://evil.example/\u202E", field: "url" },
  ]);
});

Deno.test("tablesOf() makes each imported function a value of its own, but not one that was cut", () => {
  const names = Array.from({ length: 500 }, (_, i) => `Function${i}`).join(", ");
  const rows = [["KERNEL32.dll (delayed)", "VirtualAlloc, #4"], ["A.dll", names.slice(0, 4000)]];
  const [imports] = tablesOf(report("pe", [section("Imports", ["Library", "Functions"], rows)]));
  assert.deepEqual(imports!.rows[0]![1]!.map(({ raw, field }) => [raw, field]), [
    ["kernel32.dll!VirtualAlloc", "pe.import"],
    ["kernel32.dll!#4", "pe.import"],
  ]);
  const last = imports!.rows[1]![1]!.at(-1)!;
  assert.equal(last.field, null);
});

Deno.test("tablesOf() knows which columns of PE and ELF tables can be asked for", () => {
  const pe = section("Sections", ["Name", "Virtual size", "SHA-256"], [[".text", 1, "ab"]]);
  const elf = section("Sections", ["Name", "Size", "SHA-256"], [[".text", 1, null]]);
  const fields = (one: Observation) =>
    tablesOf(report("m", [one]))[0]!.rows[0]!.map((cell) => cell[0]?.field);
  assert.deepEqual(fields(pe), ["pe.section.name", null, "pe.section.sha256"]);
  assert.deepEqual(fields(elf), ["elf.section.name", null, undefined]);
});

Deno.test("tablesOf() shows the strings that the report holds, and nothing of a raw part that is something else", () => {
  const strings = (raw: unknown) =>
    tablesOf(report("strings", [], raw)).map(({ title, total }) => [title, total]);
  assert.deepEqual(strings({ sample: ["one", 2, "three"] }), [["Strings", 2]]);
  assert.deepEqual(strings({ sample: "one" }), []);
  assert.deepEqual(strings(null), []);
});
