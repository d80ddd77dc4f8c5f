import assert from "node:assert/strict";
import fc from "fast-check";
import { Needle } from "./mark.ts";

/** Marked parts in brackets. */
function marked(needle: Needle, shown: string, raw?: string): string {
  const parts = [needle.mark(shown, raw)].flat();
  return parts.map((part) => typeof part === "string" ? part : `[${String(part.values[0])}]`).join("");
}

Deno.test("Needle marks every match in any case, and only those", () => {
  assert.equal(marked(new Needle(" evil "), "Evil and EVIL"), "[Evil] and [EVIL]");
  assert.equal(marked(new Needle("a.b"), "a.b axb"), "[a.b] axb");
  assert.equal(marked(new Needle(""), "all"), "all");
});

Deno.test("Needle marks a defanged address that was looked for as it is", () => {
  assert.equal(marked(new Needle("evil.example"), "evil[.]example", "evil.example"), "[evil[.]example]");
});

Deno.test("Needle takes any text for what it is, not for a pattern, and loses none", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.string(), (text, around) => {
    const needle = new Needle(text);
    if (needle.empty) return;
    const shown = `${around}${needle.text}${around}`;
    assert.ok(needle.isIn(shown));
    const parts = [needle.mark(shown)].flat();
    assert.equal(
      parts.map((part) => typeof part === "string" ? part : String(part.values[0])).join(""),
      shown,
    );
  }));
});
