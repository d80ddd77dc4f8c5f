import fc from "fast-check";
import assert from "node:assert/strict";
import { defang, defangText, refang } from "./defang.ts";
import { indicatorTypes } from "./model.ts";

Deno.test("defang() leaves no link", () => {
  assert.equal(defang("url", "http://a.example:8080/b.php?c=d.e"), "hxxp[:]//a[.]example:8080/b.php?c=d.e");
  assert.equal(defang("url", "HTTPS://u@a.example"), "HXXPS[:]//u[@]a[.]example");
  assert.equal(defang("email", "a.b@c.example"), "a[.]b[@]c[.]example");
  assert.equal(defang("ipv6-addr", "2001:db8::1"), "2001[:]db8[:][:]1");
  assert.equal(defang("path", "C:\\a.exe"), "C:\\a.exe");
});

Deno.test("refang() gives back what defang() was given, whatever a sample wrote", () => {
  const piece = fc.constantFrom(
    "http",
    "hxxp",
    "hXxXp",
    "s",
    ":",
    "//",
    "[:]",
    "[.]",
    ".",
    "]",
    "[",
    "@",
    "[@]",
    "/",
    "?",
    "a",
    "T",
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...indicatorTypes), text, (type, value) => {
      assert.equal(refang(type, defang(type, value)), value);
    }),
    { numRuns: 20_000 },
  );
});

Deno.test("defangText() changes addresses and known hosts, and leaves other words with dots alone", () => {
  const hosts = new Set(["evil.example"]);
  assert.equal(
    defangText(
      "see http://x.example/a.b, mail a@b.example or evil.example; kernel32.dll at 10.0.0.1, www.x.example, c2.evil.example",
      hosts,
    ),
    "see hxxp[:]//x[.]example/a.b, mail a[@]b[.]example or evil[.]example; kernel32.dll at 10[.]0[.]0[.]1, www[.]x[.]example, c2[.]evil[.]example",
  );
});

Deno.test("defangText() gets through long hostile text", () => {
  for (const unit of ["a.", "a@", "http://", "a-", "www.", "1.", "a@b.", "a"]) {
    const text = unit.repeat(100_000);
    assert.equal(defangText(text, new Set()).replace(/\[([.@:])\]/g, "$1").replaceAll("hxxp", "http"), text);
  }
});
