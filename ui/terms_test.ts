import type { SearchTerms } from "@assay/core";
import assert from "node:assert/strict";
import { addPart, errorOf, everything, partsOf, pivotTo, setRange, togglePart } from "./terms.ts";

const asked = (q: string, mode: SearchTerms["mode"] = "default"): SearchTerms => ({ ...everything, q, mode });

Deno.test("addPart() writes a condition behind the query, and alternatives in parentheses", () => {
  assert.equal(addPart(asked(""), "tag:a").q, "tag:a");
  assert.equal(addPart(asked("size:>1MB "), "tag:a").q, "size:>1MB tag:a");
  assert.equal(addPart(asked("tag:a OR tag:b"), "tag:c").q, "(tag:a OR tag:b) tag:c");
  assert.equal(addPart(asked("tag:("), "tag:c").q, "tag:( tag:c");
});

Deno.test("addPart() keeps an exact text as a phrase of the query language", () => {
  assert.deepEqual(addPart(asked("a OR b", "exact"), "tag:c"), asked('"a OR b" tag:c'));
});

Deno.test("togglePart() adds a condition, takes it away again, and replaces its opposite", () => {
  const once = togglePart(asked("verdict:malicious"), "tag:a", "NOT tag:a");
  assert.equal(once.q, "verdict:malicious tag:a");
  assert.equal(togglePart(once, "NOT tag:a", "tag:a").q, "verdict:malicious NOT tag:a");
  assert.equal(togglePart(once, "tag:a", "NOT tag:a").q, "verdict:malicious");
  assert.equal(togglePart(asked("tag:a"), "tag:a", "NOT tag:a").q, "");
});

Deno.test("partsOf() gives what must hold, however it is written", () => {
  assert.deepEqual([...partsOf(asked('tag:"a" -verdict:benign'))], ["tag:a", "NOT verdict:benign"]);
  assert.deepEqual([...partsOf(asked("tag:a OR tag:b"))], ["tag:a OR tag:b"]);
  assert.deepEqual([...partsOf(asked("tag:("))], []);
});

Deno.test("setRange() replaces ranges of that field alone", () => {
  const terms = setRange(asked("size:>1 seen:>=now-1d tag:a"), "seen", "seen:[2024 TO 2025]");
  assert.equal(terms.q, "size:>1 AND tag:a seen:[2024 TO 2025]");
});

Deno.test("errorOf() tells place, expectation and hint", () => {
  assert.equal(errorOf(asked("tag:a")), null);
  const error = errorOf(asked("verdct:malicious"))!;
  assert.deepEqual([error.place, error.hint], [{ start: 0, end: 6 }, "did you mean 'verdict'?"]);
});

Deno.test("pivotTo() finds a value alone, adds it once, excludes it, and refuses what no query may ask", () => {
  const terms = asked("verdict:malicious");
  const q = (how: "find" | "add" | "exclude") => pivotTo(terms, how, "tag", 'a "b"')?.q;
  assert.equal(q("find"), 'tag:"a \\"b\\""');
  assert.equal(q("add"), 'verdict:malicious tag:"a \\"b\\""');
  assert.equal(q("exclude"), 'verdict:malicious NOT tag:"a \\"b\\""');
  assert.equal(pivotTo(asked("tag:a"), "add", "tag", "a")?.q, "tag:a");
  assert.equal(pivotTo(terms, "find", "tag", ""), null);
});
