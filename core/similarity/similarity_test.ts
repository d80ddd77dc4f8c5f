import fc from "fast-check";
import assert from "node:assert/strict";
import { compareSsdeep, readSsdeep, type Ssdeep, ssdeepTerms } from "./ssdeep.ts";
import { readTlsh, type Tlsh, tlshDistance, tlshLength } from "./tlsh.ts";
import { tlshLengthsWithin, tlshSearch, tlshTerms } from "./tlsh_index.ts";
import vectors from "./vectors.json" with { type: "json" };

const ssdeepPairs = vectors.ssdeep as [string, string, number][];
const tlshPairs = vectors.tlsh as [string, string, number, number][];

Deno.test("compareSsdeep() scores as libfuzzy does", () => {
  for (const [a, b, score] of ssdeepPairs) {
    assert.equal(compareSsdeep(readSsdeep(a)!, readSsdeep(b)!), score, `${a} ${b}`);
  }
});

Deno.test("tlshDistance() measures as py-tlsh does, with and without length", () => {
  for (const [a, b, withLength, without] of tlshPairs) {
    const [x, y] = [readTlsh(a)!, readTlsh(b)!];
    assert.deepEqual(
      [tlshDistance(x, y), tlshDistance(x, y, { length: false })],
      [withLength, without],
      `${a} ${b}`,
    );
  }
});

const letters = (most: number, of: string) =>
  fc.array(fc.constantFrom(...of), { maxLength: most }).map((chosen) => chosen.join(""));
/** Few letters make chunks that often have something in common. */
const ssdeeps = fc.record({
  block: fc.integer({ min: 0, max: 4 }).map((level) => 3 << level),
  first: letters(64, "ABc+"),
  second: letters(32, "ABc+"),
}).map(({ block, first, second }) => readSsdeep(`${block}:${first}:${second}`) as Ssdeep);
const tlshes = fc.uint8Array({ minLength: 35, maxLength: 35 }).map((bytes) =>
  readTlsh(bytes.toHex()) as Tlsh
);

Deno.test("compareSsdeep() is symmetric, 100 for itself and above 0 only where a term is shared", () => {
  fc.assert(
    fc.property(ssdeeps, ssdeeps, (a, b) => {
      const score = compareSsdeep(a, b);
      assert(Number.isInteger(score) && score >= 0 && score <= 100);
      assert.equal(score, compareSsdeep(b, a));
      assert.equal(compareSsdeep(a, a), 100);
      const terms = new Set(ssdeepTerms(a));
      assert.equal(score > 0, ssdeepTerms(b).some((term) => terms.has(term)));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("tlshDistance() is symmetric, 0 for itself and at most the lengths away that it allows", () => {
  fc.assert(fc.property(tlshes, tlshes, (a, b) => {
    const distance = tlshDistance(a, b);
    assert.equal(distance, tlshDistance(b, a));
    assert.equal(tlshDistance(a, a), 0);
    assert(distance >= tlshDistance(a, b, { length: false }));
    assert(tlshLengthsWithin(a, distance).includes(tlshLength(b)));
  }));
});

Deno.test("tlshLengthsWithin() leaves out what alone makes the distance too great", () => {
  const own = readTlsh(`000000${"00".repeat(32)}`)!;
  assert.deepEqual(tlshLengthsWithin(own, 0), [0]);
  assert.deepEqual(tlshLengthsWithin(own, 23), [255, 0, 1]);
  assert.deepEqual(tlshLengthsWithin(own, 24), [254, 255, 0, 1, 2]);
  assert.equal(tlshLengthsWithin(own, 5000).length, 256);
});

Deno.test("readSsdeep() and readTlsh() refuse what is no digest", () => {
  for (const text of ["", "3:", "3:a", "0:a:b", "99999999999:a:b", "3:a b:c", `3:${"ab".repeat(33)}:a`]) {
    assert.equal(readSsdeep(text), null, text);
  }
  assert.deepEqual(readSsdeep('6:AAAAAB:c,"a.exe"'), { block: 6, first: "AAAB", second: "c" });
  for (const text of ["", "TNULL", "T1", `T2${"0".repeat(70)}`, "0".repeat(71), `T1${"g".repeat(70)}`]) {
    assert.equal(readTlsh(text), null, text);
  }
});

Deno.test("ssdeepTerms() are each chunk's runs of seven, or the digest where there is none", () => {
  assert.deepEqual(ssdeepTerms(readSsdeep("3:ABCDEFGH:ABCDEFG")!), ["3:ABCDEFG", "3:BCDEFGH", "6:ABCDEFG"]);
  assert.deepEqual(ssdeepTerms(readSsdeep("3:E:E")!), ["3:E:E"]);
});

/** A digest and one that a few steps were taken from it. */
const relatives = fc.tuple(tlshes, fc.array(fc.tuple(fc.nat(127), fc.boolean()), { maxLength: 36 })).map(
  ([digest, steps]) => {
    const other = digest.slice();
    for (const [bucket, up] of steps) {
      const [at, shift] = [3 + (bucket >> 2), 2 * (bucket & 3)];
      const quartile = (other[at]! >> shift) & 3;
      const next = Math.min(3, Math.max(0, quartile + (up ? 1 : -1)));
      other[at] = (other[at]! & ~(3 << shift)) | (next << shift);
    }
    return [digest, other as unknown as Tlsh] as const;
  },
);

Deno.test("tlshSearch() finds every digest within 36 by its tlshTerms()", () => {
  fc.assert(
    fc.property(relatives, ([a, b]) => {
      const distance = tlshDistance(a, b);
      fc.pre(distance <= 36);
      const { lengths, bands, atLeast } = tlshSearch(a, distance);
      const terms = new Set(tlshTerms(b));
      assert(lengths.some((term) => terms.has(term)));
      assert(bands.filter((band) => band.some((term) => terms.has(term))).length >= atLeast);
    }),
    { numRuns: 2000 },
  );
});
