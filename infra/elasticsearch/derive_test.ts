import {
  findingsOf,
  type FoundRun,
  type KeyId,
  MAX_VALUES,
  newId,
  type Observation,
  type Report,
} from "@assay/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { deriveFrom } from "./derive.ts";
import { documentsOf, toJson } from "./document.ts";
import { mapping } from "./mapping.ts";
import { searchRawOf } from "./raw.ts";
import { factsOf, foundRun, makeReport } from "./testing.ts";
import { MAX_STRINGS, MAX_TEXT_LENGTH, searchTextOf } from "./text.ts";
import { markWords, reverse, reverseAll } from "./words.ts";

const run = (module: string, observations: Observation[], raw: unknown = null) =>
  foundRun(module, observations, raw as never) as FoundRun;
const property = (field: string, value: string | number | boolean): Observation => ({
  type: "property",
  field,
  value,
});

Deno.test("findingsOf() turns each observation into values of its field, once each", () => {
  const limits = new Set<string>();
  const sha256 = makeReport().sha256;
  const report = makeReport({
    sha256,
    digests: { sha256, md5: "ABC" },
    verdict: {
      level: "malicious",
      score: 90,
      summary: "",
      reasons: [{ heuristic: "x", title: "", score: 1, evidence: [], modules: [], attack: ["T1027"] }],
    },
  });
  const findings = findingsOf(report, [
    run("pe", [
      property("pe.import", "A!b"),
      property("pe.import", "A!b"),
      property("pe.imphash", "ABCD"),
      property("pe.timestamp", "2020-01-01T00:00:00Z"),
    ]),
    run("yara", [{ type: "detection", engine: "yara", label: "Rule", verdict: "suspicious", family: "fam" }]),
    run("clamav", [{ type: "detection", engine: "clamav", label: "Win.X", verdict: "malicious" }]),
    run("strings", [
      { type: "observable", kind: "ip", value: "::1" },
      { type: "tag", value: "packed" },
      { type: "technique", id: "T1055", reason: "because" },
    ]),
  ], limits);
  const values = Object.fromEntries([...findings].map(([name, set]) => [name, [...set]]));
  assert.partialDeepStrictEqual(values, {
    sha256: [sha256],
    md5: ["abc"],
    verdict: ["malicious"],
    attack: ["T1027", "T1055"],
    "pe.import": ["A!b"],
    "pe.imphash": ["abcd"],
    "pe.timestamp": ["2020-01-01T00:00:00.000Z"],
    "yara.rule": ["Rule"],
    family: ["fam"],
    "av.label": ["Win.X"],
    ip: ["::1"],
    tag: ["packed"],
  });
  assert.equal(limits.size, 0);
});

Deno.test("findingsOf() leaves out what does not fit its field, and says so once", () => {
  const limits = new Set<string>();
  const wrong: Observation[] = [
    property("size", 5),
    property("name", "other.exe"),
    property("tlp", "clear"),
    property("entropy", "7"),
    property("entropy", Infinity),
    property("pe.overlay", 1.5),
    property("pe.signed", "yes"),
    property("pe.timestamp", 12345),
    property("pe.timestamp", "soon"),
  ];
  const findings = findingsOf(makeReport({ size: 1000 }), [run("pe", [...wrong, ...wrong])], limits);
  assert.deepEqual([...findings.get("size")!], [1000]);
  for (const name of ["name", "tlp", "entropy", "pe.overlay", "pe.signed", "pe.timestamp"]) {
    assert.equal(findings.has(name), false, name);
  }
  assert.equal(
    limits.size,
    new Set(wrong.map((observation) => (observation as { field: string }).field)).size,
  );
});

Deno.test("findingsOf() keeps a bounded number of values and says how many there were", () => {
  const limits = new Set<string>();
  const many = Array.from({ length: MAX_VALUES + 5 }, (_, index) => property("elf.import", `symbol${index}`));
  assert.equal(findingsOf(makeReport(), [run("elf", many)], limits).get("elf.import")!.size, MAX_VALUES);
  assert.deepEqual([...limits], ["search: 1000 of 1005 values of elf.import kept"]);
});

Deno.test("searchTextOf() lets short modules keep all and bounds the rest", () => {
  const limits = new Set<string>();
  const strings = Array.from({ length: 5000 }, (_, index) => `string number ${index}`);
  const text = searchTextOf([run("strings", [], strings), run("pe", [], { a: ["short text"] })], limits);
  assert.equal(text["pe"], "short text");
  const kept = text["strings"]!.split("\n");
  assert.deepEqual(kept, strings.slice(0, kept.length));
  assert.ok(kept.length > MAX_STRINGS / 2 && kept.length < MAX_STRINGS);
  assert.deepEqual([...limits], [`search: ${kept.length} of 5000 texts of strings searchable`]);
  const long = searchTextOf([
    run("a", [], ["x".repeat(1e6)]),
    run("b", [], Array(50).fill(0).map((_, n) => `${n}`.repeat(3000))),
  ], limits);
  assert.ok(Object.values(long).join("").length <= MAX_TEXT_LENGTH);
});

Deno.test("searchTextOf() reads sections and keys' values, not what fields already find", () => {
  const text = searchTextOf([
    run("pe", [
      property("pe.import", "kernel32!Sleep"),
      { type: "section", title: "Resources", columns: ["name"], rows: [["icon one", 5]], total: 1 },
      { type: "child", sha256: makeReport().sha256, size: 1, name: "inner name" },
    ], { imports: ["kernel32!Sleep"], deep: { deeper: ["deep value"] } }),
  ], new Set());
  assert.deepEqual(text["pe"]!.split("\n").sort(), ["Resources", "deep value", "icon one", "inner name"]);
});

Deno.test("searchRawOf() keeps few short values under safe names, whatever comes", () => {
  assert.deepEqual(
    searchRawOf([run("pe", [], { a: 1, "": 2, "b\0": 3, long: "x".repeat(2000), list: Array(51).fill(1) })]),
    {
      pe: { a: 1 },
    },
  );
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 30 }), (value) => {
    const raw = searchRawOf([run("pe", [], value)]);
    assert.ok(JSON.stringify(raw).match(/[[{]/g)!.length < 2000);
  }));
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]));
  assert.equal(Object.keys(searchRawOf([run("pe", [], wide)])["pe"] as object).length, 500);
});

Deno.test("markWords() adds marks only, and takes out those of highlights", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(markWords(text).replaceAll("\u0091", ""), text.replace(/[\u0091\ue000\ue001]/g, ""));
  }));
});

Deno.test("reverse() twice gives the text, and reverseAll() does each alone", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
    for (const text of texts) assert.equal(reverse(reverse(text)), text);
    assert.deepEqual(reverseAll(texts), texts.map(reverse));
  }));
  assert.deepEqual(reverseAll(["ab\nc", "d😀"]), ["c\nba", "😀d"]);
});

Deno.test("toJson() holds only what the strict mapping has, whatever the modules say", () => {
  const report = makeReport({
    parent: { sha256: makeReport().sha256, taskId: makeReport().id },
    modules: [
      run("pe", [property("pe.import", "a!b"), property("pe.section.name", ".text")], {
        x: 1,
      }) as Report["modules"][number],
    ],
  });
  const known = new Set<string>();
  const walk = (properties: object, before: string) => {
    for (const [name, property] of Object.entries(properties)) {
      known.add(before + name);
      if ("properties" in property) walk(property.properties, `${before}${name}.`);
    }
  };
  walk(mapping().properties!, "");
  const newest = JSON.parse(toJson(documentsOf({ report, facts: factsOf([report]) })[0]!));
  const plain = JSON.parse(toJson(documentsOf({ report, facts: null })[0]!));
  const paths = [
    ...Object.keys(newest),
    ...Object.keys(newest.own).map((path) => `own.${path}`),
    ...Object.keys(newest.submissions[0]).map((path) => `submissions.${path}`),
  ];
  for (const path of paths) assert.ok(known.has(path), path);
  assert.equal("name" in newest || "metadata" in newest, false);
  const { latest, hit, access: _, submissions: _s, annotations: _a, similar: _i, seenLast: _l, ...rest } =
    newest;
  assert.equal(latest, true);
  assert.deepEqual(plain, { ...rest, latest: false, hit: plain.hit });
  assert.deepEqual(JSON.parse(plain.hit), { ...JSON.parse(hit), submissions: [] });
});

Deno.test("documentsOf() keeps look-ups apart unless all who see the sample see their submission", () => {
  const lookup = { ...run("lookup", [{ type: "tag", value: "looked-up" }]), category: "lookup" as const };
  const owner = newId<KeyId>();
  const report = (tlp: Report["tlp"], key = owner) => makeReport({ tlp, owner: key, modules: [lookup] });
  const shown = (own: Report, ...others: Report[]) =>
    documentsOf({ report: own, facts: factsOf([own, ...others]) })
      .map((document) => [document.shows, toJson(document).includes("looked-up")]);
  const apart = [["report", true], ["sample", false]];
  assert.deepEqual(shown(report("red")), [["both", true]]);
  assert.deepEqual(shown(report("clear"), report("red", newId<KeyId>())), [["both", true]]);
  assert.deepEqual(shown(report("green"), report("red")), [["both", true]]);
  assert.deepEqual(shown(report("green"), report("red", newId<KeyId>())), apart);
  assert.deepEqual(shown(report("red"), report("clear")), apart);
});

Deno.test("deriveFrom() derives once, and leaves the report as it was", () => {
  const report = makeReport({ modules: [run("pe", [property("nope", 1)])] });
  const before = JSON.stringify(report);
  assert.equal(deriveFrom(report, { lookups: true }), deriveFrom(report, { lookups: true }));
  assert.equal(JSON.stringify(report), before);
});
