import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModuleRun } from "../module/module.ts";
import { concludeVerdict, type Evidence } from "./conclude.ts";
import { Verdict } from "./verdict.ts";

const run = (status: "nothing" | "skipped"): ModuleRun => {
  const base = {
    module: "m",
    category: "metadata",
    version: "1",
    definition: null,
    started: null,
    durationMs: 1,
    cached: false,
  } as const;
  return status === "nothing" ? { ...base, status } : { ...base, status, reason: "Not a PE" };
};
const evidence = (given: Partial<Evidence>): Evidence => ({
  observations: [],
  known: [],
  runs: [],
  ...given,
});
const detection = (verdict: "malicious" | "suspicious", engine = "yara") =>
  ({ type: "detection", engine, label: "rule", verdict, module: engine }) as const;

Deno.test("concludeVerdict() stays unknown with the reason where nothing spoke", () => {
  const verdict = concludeVerdict(evidence({ runs: [run("nothing"), run("skipped")] }));
  assert.equal(verdict.level, "unknown");
  assert.equal(verdict.score, 0);
  assert.equal(verdict.summary, "Unknown: 1 of 2 modules analysed it; none reported anything suspicious.");
});

Deno.test("concludeVerdict() names the rule and the module of a malicious detection", () => {
  const verdict = concludeVerdict(evidence({ observations: [detection("malicious")] }));
  assert.equal(verdict.level, "malicious");
  assert.deepEqual(verdict.reasons[0]?.evidence, ["yara: rule"]);
  assert.deepEqual(verdict.reasons[0]?.modules, ["yara"]);
});

Deno.test("concludeVerdict() does not make weak signs malicious however often they repeat", () => {
  const observations = Array.from({ length: 500 }, (_, i) => ({
    type: "technique" as const,
    id: "T1055",
    reason: `sign ${i}`,
    module: "pe",
  }));
  const verdict = concludeVerdict(evidence({ observations }));
  assert.equal(verdict.level, "unknown");
  assert.equal(verdict.reasons[0]?.evidence.length, 10);
});

Deno.test("concludeVerdict() believes a known-bad hash over a known-good one and both over engines", () => {
  const good = { verdict: "good", source: "nsrl", note: null } as const;
  const bad = { verdict: "bad", source: "partner", note: "case 7" } as const;
  assert.equal(
    concludeVerdict(evidence({ known: [good], observations: [detection("malicious")] })).level,
    "benign",
  );
  assert.equal(concludeVerdict(evidence({ known: [good, bad] })).level, "malicious");
});

Deno.test("concludeVerdict() gives a valid verdict for any detections", () => {
  const observations = fc.array(fc.record({
    type: fc.constant("detection" as const),
    engine: fc.string({ maxLength: 400 }),
    label: fc.string({ maxLength: 400 }),
    verdict: fc.constantFrom("malicious" as const, "suspicious" as const, "informational" as const),
    module: fc.constantFrom("a", "b"),
  }));
  fc.assert(
    fc.property(observations, (o) => void Verdict.parse(concludeVerdict(evidence({ observations: o })))),
  );
});
