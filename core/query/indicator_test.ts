import assert from "node:assert/strict";
import { indicatorOf } from "./indicator.ts";

const known: readonly [string, ReturnType<typeof indicatorOf>][] = [
  ["0123456789abcdef0123456789ABCDEF", "md5"],
  ["a".repeat(40), "sha1"],
  ["a".repeat(64), "sha256"],
  ["a".repeat(128), "sha512"],
  ["a".repeat(33), null],
  ["10.1.2.3", "ip"],
  ["fe80::1", "ip"],
  ["10.0.0.0/8", "cidr"],
  ["https://a.b/c", "url"],
  ["a@b.example", "email"],
  ["evil.example.com", "domain"],
  ["T1055.001", "attack"],
  ["emotet", null],
  ["", null],
  ["a".repeat(10_000), null],
];

for (const [text, indicator] of known) {
  Deno.test(`indicatorOf() takes '${text.slice(0, 40)}' (${text.length}) for ${indicator}`, () => {
    assert.equal(indicatorOf(text), indicator);
  });
}
