import assert from "node:assert/strict";
import fc from "fast-check";
import { defang, formatDuration, formatSize, showLines, showText, showValue } from "./text.ts";

Deno.test("showText() shows what would hide or turn text round", () => {
  assert.equal(showText("invoice\u202Efdp.exe\0"), "invoice\\u{202e}fdp.exe\\u{0}");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(showText(text))),
  );
});

Deno.test("showLines() keeps line breaks and nothing else that hides", () => {
  assert.equal(showLines("a\r\nb\u202E\tc\n"), "a\nb\\u{202e}\\u{9}c\n");
});

Deno.test("defang() leaves no live link", () => {
  assert.equal(defang("https://evil.example/a?b"), "hxxps[:]//evil[.]example/a?b");
  assert.equal(defang("bob@evil.example"), "bob[@]evil[.]example");
});

Deno.test("formatSize() and formatDuration() round for people", () => {
  assert.deepEqual([0, 999, 1000, 999_949, 999_951, 2e12].map(formatSize), [
    "0 B",
    "999 B",
    "1.0 kB",
    "999.9 kB",
    "1.0 MB",
    "2.0 TB",
  ]);
  assert.deepEqual([0, 0.4, 12.4, 3400].map(formatDuration), ["0 ms", "< 1 ms", "12 ms", "3.4 s"]);
});

Deno.test("showValue() defangs addresses and leaves other values as they are", () => {
  assert.equal(showValue("domain", "evil.example"), "evil[.]example");
  assert.equal(showValue("name", "a.exe\u202E"), "a.exe\\u{202e}");
});
