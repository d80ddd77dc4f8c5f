import assert from "node:assert/strict";
import fc from "fast-check";
import { LONGEST_PATTERN, readPattern } from "./pattern.ts";

const [md5, sha1, sha256] = ["a".repeat(32), "b".repeat(40), "c".repeat(64)];

Deno.test("readPattern() reads hashes joined by OR, by IN, and in several observations", () => {
  const both = [{ algorithm: "md5", value: md5 }, { algorithm: "sha256", value: sha256 }];
  for (
    const pattern of [
      `[file:hashes.MD5 = '${md5}' OR file:hashes.'SHA-256' = '${sha256}']`,
      `[file:hashes.'MD5'='${md5.toUpperCase()}']OR[file:hashes.SHA256=='${sha256}']`,
      ` [ file:hashes.md5 IN ( '${md5}' ) \n OR\tfile:hashes.'sha-256' IN('${sha256}') ] `,
    ]
  ) assert.deepEqual(readPattern(pattern), { digests: both, others: [] }, pattern);
  assert.deepEqual(readPattern(`[file:hashes.'SHA-1' IN ('${sha1}','${"d".repeat(40)}')]`), {
    digests: [{ algorithm: "sha1", value: sha1 }, { algorithm: "sha1", value: "d".repeat(40) }],
    others: [],
  });
});

Deno.test("readPattern() names hashes that the table doesn't go by", () => {
  assert.deepEqual(
    readPattern(`[file:hashes.SSDEEP = '3:a\\'b:c' OR file:hashes.MD5 = '${md5}' OR file:hashes.TLSH = 'x']`),
    { digests: [{ algorithm: "md5", value: md5 }], others: ["SSDEEP", "TLSH"] },
  );
});

Deno.test("readPattern() takes nothing that says more, or something else, than that each hash is bad", () => {
  const is = `file:hashes.MD5 = '${md5}'`;
  const others: readonly [string, RegExp][] = [
    [`[${is} AND file:name = 'a.exe']`, /expected ']' at \d+, got 'AND file/],
    [`[file:hashes.MD5 != '${md5}']`, /expected '=' or 'IN' at 17/],
    [`[NOT ${is}]`, /expected file:hashes at 1/],
    [`[file:hashes.MD5 NOT = '${md5}']`, /expected '=' or 'IN'/],
    [`[${is}] AND [${is}]`, /expected 'OR' or the end/],
    [`[${is}] FOLLOWEDBY [${is}]`, /expected 'OR' or the end/],
    [`[${is}] WITHIN 5 SECONDS`, /expected 'OR' or the end/],
    [`([${is}])`, /expected '\['/],
    [`[(${is})]`, /expected file:hashes/],
    [`[ipv4-addr:value = '198.51.100.1']`, /got 'ipv4-addr/],
    [`[file:hashes.MD5 = '${sha1}']`, /expected the digits of a digest by MD5/],
    [`[file:hashes.MD5 = 'xyz']`, /expected the digits/],
    [`[file:hashes.'SHA-256 = '${sha256}']`, /expected file:hashes/],
    [`[file:hashes.MD5 = "${md5}"]`, /expected a text in quotes/],
    [`[${is} ORfile:hashes.MD5 = '${md5}']`, /expected ']'/],
    [`[${is}`, /got its end/],
    ["[]", /expected file:hashes/],
    ["", /expected '\[' at 0, got its end/],
    [`[file:hashes.MD5 = '${"\\'".repeat(501)}']`, /at most 500 characters/],
  ];
  for (const [pattern, why] of others) {
    const reading = readPattern(pattern);
    assert("why" in reading, pattern);
    assert.match(reading.why, why, pattern);
  }
  assert.deepEqual(readPattern("x".repeat(LONGEST_PATTERN + 1)), {
    why: "is longer than 1048576 characters",
  });
});

Deno.test("readPattern() reads any number of hashes and never throws for any text", () => {
  const digest = fc.stringMatching(/^[0-9a-f]{32}$/);
  fc.assert(fc.property(fc.array(digest, { minLength: 1, maxLength: 50 }), (values) => {
    const reading = readPattern(`[${values.map((value) => `file:hashes.MD5 = '${value}'`).join(" OR ")}]`);
    assert("digests" in reading);
    assert.deepEqual(reading.digests.map(({ value }) => value), values);
  }));
  const piece = fc.constantFrom(
    "[",
    "]",
    "file:hashes.",
    "MD5",
    "'",
    "\\",
    "=",
    " ",
    "OR",
    "IN",
    "(",
    ",",
    ")",
    md5,
  );
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(piece).map((all) => all.join(""))), (pattern) => {
    const reading = readPattern(pattern);
    assert("why" in reading || pattern.includes("file:hashes."));
  }));
});
