import type { RuleSource } from "@assay/infra";
import { ruleDigest } from "@assay/infra";
import assert from "node:assert/strict";
import { found, recorded } from "../fixtures/parts.ts";
import { openRules, rulesOf } from "./rules.ts";

const source = (name: string, own: boolean, text: string): RuleSource => ({ name, own, text });
const shipped = source(
  "ours.yar",
  true,
  'import "pe"\n\nrule one { condition: pe.is_pe }\nrule two { condition: true }',
);
const theirs = source(
  "theirs.yar",
  false,
  "private rule three { condition: true }\nrule two { condition: false }",
);

/** A report of a scan with these rules that matched all of these. */
function matching(sources: readonly RuleSource[], ...labels: string[]) {
  const run = found(
    "yara",
    "signature",
    labels.map((label) => ({ type: "detection", engine: "yara", label, verdict: "suspicious" })),
  );
  return recorded("matched", { modules: [{ ...run, definition: ruleDigest(sources) }] });
}

Deno.test("rulesOf() gives the texts of rules that matched, with their imports", () => {
  const rules = rulesOf("own", [shipped]);
  assert.deepEqual(rules.matched(matching([shipped], "one", "unheard")), [
    { name: "one", text: 'import "pe"\n\n\nrule one { condition: pe.is_pe }\n' },
  ]);
});

Deno.test("rulesOf() gives theirs only where all may leave, and none whose name is another's too", () => {
  const sources = [shipped, theirs];
  const names = (which: "own" | "all") =>
    rulesOf(which, sources).matched(matching(sources, "one", "two", "three")).map(({ name }) => name);
  assert.deepEqual(names("own"), ["one"]);
  assert.deepEqual(names("all"), ["one", "three"]);
});

Deno.test("rulesOf() gives none to a report that was made with other rules", () => {
  assert.deepEqual(rulesOf("all", [shipped, theirs]).matched(matching([shipped], "one")), []);
});

Deno.test("openRules() reads the rules that come with Assay, unless none may leave", async () => {
  const paths = { rules: ["own"] };
  const none = await openRules("none", paths);
  assert.deepEqual(none.matched(matching([], "one")), []);
  await openRules("own", {});
  await assert.rejects(openRules("all", { rules: ["/nonexistent/rules"] }), /nonexistent/);
});
