import assert from "node:assert/strict";
import { isShown, shown, shownLines, wellFormed } from "./shown.ts";

Deno.test("shown() names what can't be seen", () => {
  assert.equal(shown("a\u202Eb\0c\nd\u200B\uFEFF"), "a[U+202E]b[U+0000]c[U+000A]d[U+200B][U+FEFF]");
  assert.equal(shown("tag \u{E0041} filler \u3164"), "tag [U+E0041] filler [U+3164]");
  assert.equal(shown("\uD800x\uDC00 ü 漢 😀"), "\uFFFDx\uFFFD ü 漢 😀");
});

Deno.test("shown() keeps to its length and cuts no character in half", () => {
  assert.equal(shown("😀😀", 3).isWellFormed(), true);
  assert.equal(shown("x".repeat(10), 5), "xxxx…");
});

Deno.test("shownLines() keeps lines and tabs", () => {
  assert.equal(shownLines("a\r\nb\rc\td\u0007"), "a\nb\nc\td[U+0007]");
  assert.equal(isShown("a\nb\t"), true);
  assert.equal(isShown("a\u2066b"), false);
  assert.equal(isShown("\uD800"), false);
});

Deno.test("wellFormed() reaches every string of a value, keys too", () => {
  assert.deepEqual(wellFormed({ "k\uD800": ["\uDC00", { a: 1, b: null }] }), {
    "k\uFFFD": ["\uFFFD", { a: 1, b: null }],
  });
});
