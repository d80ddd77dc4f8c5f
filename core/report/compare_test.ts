import fc from "fast-check";
import assert from "node:assert/strict";
import { type KeyId, newId, type Sha256, type SubmissionId, type TaskId } from "../id/id.ts";
import type { ModuleRun } from "../module/module.ts";
import type { Observation } from "../observation/observation.ts";
import { compareReports } from "./compare.ts";
import { ReportComparison } from "./comparison.ts";
import { MAX_NAMED } from "./difference.ts";
import type { Report } from "./report.ts";

const hash = (letter: string) => letter.repeat(64) as Sha256;

function run(module: string, observations: Observation[], given: Partial<ModuleRun> = {}): ModuleRun {
  return {
    module,
    category: "metadata",
    version: "1",
    definition: null,
    started: "2026-01-01T00:00:00.000Z",
    durationMs: 1,
    cached: false,
    status: "ok",
    observations,
    raw: null,
    ...given,
  } as ModuleRun;
}

function report(given: Partial<Report>): Report {
  return {
    schemaVersion: 1,
    id: newId<TaskId>(),
    revision: 1,
    submissionId: newId<SubmissionId>(),
    sha256: hash("a"),
    size: 10,
    name: "a.exe",
    fileType: "pe",
    mime: "application/x-dosexec",
    magic: null,
    digests: { sha256: hash("a") },
    tlp: "clear",
    owner: newId<KeyId>(),
    submitter: "alice",
    tags: [],
    metadata: {},
    submitted: "2026-01-01T00:00:00.000Z",
    started: "2026-01-01T00:00:00.000Z",
    finished: "2026-01-01T00:00:00.000Z",
    parent: null,
    children: [],
    verdict: { level: "unknown", score: 0, summary: "", reasons: [] },
    modules: [],
    limits: [],
    ...given,
  };
}

const reason = (heuristic: string, score: number, evidence: string[] = []) => ({
  heuristic,
  title: heuristic,
  score,
  evidence,
  modules: [],
  attack: [],
});
const imports = (...names: string[]): Observation[] =>
  names.map((value) => ({ type: "property", field: "pe.import", value }));
const table = (...rows: [string, string][]): Observation => ({
  type: "section",
  title: "Sections",
  columns: ["Name", "Raw size", "Entropy", "SHA-256"],
  rows: rows.map(([name, letter]) => [name, 512, 6.5, hash(letter)]),
  total: rows.length,
});

Deno.test("compareReports() tells field by field what only one has and what changed", () => {
  const a = report({
    digests: { sha256: hash("a"), ssdeep: "3:ABCDEFGH:ABCDEFGH" },
    tags: ["case"],
    verdict: {
      level: "malicious",
      score: 80,
      summary: "",
      reasons: [reason("x", 80), reason("y", 1, ["1"])],
    },
    modules: [
      run("pe", [...imports("k!a", "k!b"), table([".text", "1"], [".data", "2"], [".rsrc", "3"])]),
      run("strings", [], { raw: { sample: ["one", "two"] } }),
      run("yara", [], { status: "timeout", reason: "Took too long" } as Partial<ModuleRun>),
    ],
  });
  const b = report({
    sha256: hash("b"),
    digests: { sha256: hash("b"), ssdeep: "3:ABCDEFGH:ABCDEFGH" },
    verdict: { level: "unknown", score: 2, summary: "", reasons: [reason("y", 1, ["2"]), reason("z", 1)] },
    modules: [
      run("strings", [], { raw: { sample: ["two", "three"] } }),
      run("pe", [...imports("k!B", "k!c"), table([".data", "9"], [".text", "1"], ["UPX0", "3"])], {
        version: "2",
      }),
      run("yara", []),
    ],
  });
  const found = ReportComparison.parse(compareReports(a, b));
  assert.deepEqual([found.same, found.sameSample, found.similarity], [false, false, {
    ssdeep: 100,
    tlsh: null,
  }]);
  assert.deepEqual(found.facts.filter(({ same }) => !same).map(({ name }) => name), ["sha256"]);
  assert.deepEqual(found.verdict.reasons.onlyA.map(({ heuristic }) => heuristic), ["x"]);
  assert.deepEqual(found.verdict.reasons.onlyB.map(({ heuristic }) => heuristic), ["z"]);
  assert.deepEqual(found.verdict.reasons.both, [{ heuristic: "y", title: "y", changed: true }]);
  assert.deepEqual(found.tags, { onlyA: ["case"], onlyB: [], counts: { onlyA: 1, onlyB: 0, both: 0 } });
  assert.deepEqual(found.fields, [{
    field: "pe.import",
    onlyA: ["k!a"],
    onlyB: ["k!c"],
    counts: { onlyA: 1, onlyB: 1, both: 1 },
  }]);
  assert.deepEqual([found.strings.onlyA, found.strings.onlyB], [["one"], ["three"]]);
  assert.deepEqual(found.modules.map(({ module, change }) => [module, change]), [
    ["pe", "version"],
    ["strings", "same"],
    ["yara", "status"],
  ]);
  assert.deepEqual(found.sections.map(({ change, a, b }) => [change, a?.name, b?.name]), [
    ["same", ".text", ".text"],
    ["changed", ".data", ".data"],
    ["renamed", ".rsrc", "UPX0"],
  ]);
});

Deno.test("compareReports() names a bounded number of differences and counts all", () => {
  const many = Array.from({ length: 900 }, (_, i) => `k!${i}`);
  const found = compareReports(report({ modules: [run("pe", imports(...many))] }), report({}));
  assert.equal(found.fields[0]!.onlyA.length, MAX_NAMED);
  assert.equal(found.fields[0]!.counts.onlyA, 900);
  assert.deepEqual(found.limits, ["pe.import: 200 of 900 differences named"]);
});

Deno.test("compareReports() is the same for the same reports in any order, and mirrored for swapped ones", () => {
  const names = fc.uniqueArray(fc.constantFrom("k!a", "k!b", "k!c", "k!d"));
  const sections = fc.array(fc.tuple(fc.constantFrom(".a", ".b", ".c"), fc.constantFrom("1", "2", "3")), {
    maxLength: 5,
  });
  const reports = fc.record({ names, sections }).map(({ names, sections }) =>
    report({ modules: [run("pe", [...imports(...names), table(...sections)]), run("x", [])] })
  );
  fc.assert(fc.property(reports, reports, (a, b) => {
    const found = compareReports(a, b);
    const shuffled = { ...a, modules: a.modules.toReversed() };
    assert.deepEqual(compareReports(shuffled, b), found);
    assert.equal(compareReports(a, a).same, true);
    const mirrored = compareReports(b, a);
    assert.deepEqual(mirrored.fields.map(({ onlyB }) => onlyB), found.fields.map(({ onlyA }) => onlyA));
    assert.equal(mirrored.sections.length, found.sections.length);
    assert.equal(mirrored.same, found.same);
  }));
});
