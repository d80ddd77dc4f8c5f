import assert from "node:assert/strict";
import { concludeVerdict } from "./conclude.ts";
import { type JudgedChild, withContents } from "./contents.ts";

const child = (digit: string, verdict: JudgedChild["verdict"], name: string | null = null): JudgedChild => ({
  sha256: digit.repeat(64),
  name,
  verdict,
});
const silent = concludeVerdict({ observations: [], known: [], runs: [] });

Deno.test("withContents() makes what holds a malicious file malicious, and names the file", () => {
  const verdict = withContents(silent, [], [child("a", "unknown"), child("b", "malicious", "evil.exe")]);

  assert.deepEqual([verdict.level, verdict.score], ["malicious", 75]);
  assert.equal(verdict.summary, "Malicious: Contains a malicious file.");
  assert.deepEqual(verdict.reasons.map(({ evidence }) => evidence), [[`${"b".repeat(64)}: evil.exe`]]);
});

Deno.test("withContents() says nothing of files that nothing speaks against, and takes back what it said", () => {
  assert.deepEqual(withContents(silent, [], [child("a", "benign"), child("b", "unknown")]), silent);
  assert.deepEqual(withContents(withContents(silent, [], [child("a", "suspicious")]), [], []), silent);
});

Deno.test("withContents() adds to a file's own reasons, bounds them, and leaves a known good one benign", () => {
  const known = [{ verdict: "good" as const, source: "nsrl", note: null }];
  const observations = [{ type: "tag" as const, value: "packer:upx", module: "m" }];
  const own = concludeVerdict({ observations, known: [], runs: [] });
  const many = Array.from({ length: 50 }, () => child("c", "suspicious", "x".repeat(1000)));

  const twice = withContents(withContents(own, [], many), [], many);

  assert.deepEqual(twice.reasons.map(({ heuristic }) => heuristic), ["packer", "contains-suspicious"]);
  assert.deepEqual([twice.level, twice.score], ["suspicious", 44]);
  assert.equal(twice.reasons[1]!.evidence.length, 10);
  assert.ok(twice.reasons[1]!.evidence[0]!.length <= 300);
  const good = withContents(concludeVerdict({ observations: [], known, runs: [] }), [], many);
  assert.deepEqual([good.level, good.score], ["benign", 0]);
});
