import { Observation } from "@assay/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { checkFindings } from "./check.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const check = (observations: unknown, raw: unknown = null) =>
  checkFindings("x", encode(JSON.stringify(observations)), encode(JSON.stringify(raw)));

const sha256 = "a".repeat(64);
const good = [
  { type: "detection", engine: "yara", label: "rule", verdict: "malicious", family: "f", meta: { a: "b" } },
  { type: "observable", kind: "url", value: "http://a.example/", source: "string" },
  { type: "tag", value: "packed" },
  { type: "technique", id: "T1027.002", reason: "packed" },
  { type: "feature", name: "entropy", value: 7.5 },
  { type: "digest", algorithm: "tlsh", value: "T1AB" },
  { type: "child", sha256, size: 3, name: "inner" },
  { type: "property", field: "pe.imphash", value: "ab" },
  {
    type: "section",
    title: "Sections",
    columns: ["name"],
    rows: [["a", 1, true, null].slice(0, 1)],
    total: 9,
  },
];

Deno.test("checkFindings() keeps every kind of observation as it is", () => {
  const { observations, limits } = check(good);

  assert.deepEqual(observations, good);
  assert.deepEqual(limits, []);
  assert.deepEqual(
    new Set(good.map(({ type }) => type)),
    new Set(Observation.options.map((one) => one.shape.type.value)),
  );
});

Deno.test("checkFindings() gives only what core's schema takes, whatever it is given", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constant("x".repeat(5000)),
    fc.constant("\ud800"),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)))),
    fc.dictionary(fc.string(), fc.string()),
  );
  // A good observation with one part replaced reaches further than noise.
  const broken = fc.constantFrom(...good).chain((one) =>
    fc.record({ key: fc.constantFrom(...Object.keys(one), "__proto__", "other"), value })
      .map(({ key, value }) => ({ ...one, [key]: value }))
  );
  fc.assert(fc.property(fc.array(fc.oneof(broken, value), { maxLength: 20 }), (given) => {
    for (const one of check(given).observations) {
      assert.deepEqual(Observation.parse(one), one);
    }
  }));
});

Deno.test("checkFindings() replaces lone surrogates and NULs, also in keys and where they are escaped", () => {
  const json = String.raw`{"a\u0000":"\ud83d x","b":["\uDC00"],"c":"C:\\udata\\u0000","d":"😀"}`;

  const { raw } = checkFindings("x", encode("[]"), encode(json));

  assert.deepEqual(raw, { "a\uFFFD": "\uFFFD x", b: ["\uFFFD"], c: "C:\\udata\\u0000", d: "😀" });
});

Deno.test("checkFindings() cuts JSON that is too deep for those who recurse", () => {
  const deep = "[".repeat(50_000) + "]".repeat(50_000);

  const { raw } = checkFindings("x", encode("[]"), encode(deep));

  assert.ok(JSON.stringify(raw).length < 100);
});

Deno.test("checkFindings() refuses what is no list or no JSON", () => {
  for (const text of ["{}", "null", "[", "", '["a"', "\xff"]) {
    assert.throws(() => checkFindings("x", encode(text), null), SyntaxError);
  }
});
