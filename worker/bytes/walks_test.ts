import fc from "fast-check";
import assert from "node:assert/strict";
import { assemble } from "./assemble.ts";
import { hashPieces, histogramOf, rollOver, tripletsOf } from "./walks.ts";

/** Bytes over several chunks, with runs in between. */
function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = 7; i < length; i++) {
    state = Math.imul(state, 1_103_515_245) + 12_345 | 0;
    bytes[i] = (i >> 10) % 3 === 0 ? 0 : state >>> 16;
  }
  return bytes;
}
const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ max: 2, maxLength: 600 }));
/** Around the size of a chunk. */
const long = [262_143, 262_144, 262_145, 524_300].map(pattern);

Deno.test("walks.wasm is what walks.wat says", async () => {
  assert.deepEqual(await Deno.readFile(new URL("walks.wasm", import.meta.url)), await assemble());
});

Deno.test("histogramOf() counts each byte", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const counts = new Uint32Array(256);
      for (const byte of bytes) counts[byte]!++;
      assert.deepEqual(histogramOf(bytes), counts);
    }),
    { examples: long.map((bytes) => [bytes]) },
  );
});

type Window = [number, number, number, number, number];

Deno.test("tripletsOf() counts the triplets of each window of five", () => {
  const permutation = Uint8Array.from({ length: 256 }, (_, i) => (i * 167 + 13) & 255);
  const v = (...given: number[]) => given.reduce((hash, byte) => permutation[hash ^ byte]!, 0);
  fc.assert(
    fc.property(anyBytes.filter((bytes) => bytes.length >= 5), (bytes) => {
      const counts = new Uint32Array(256);
      let checksum = 0;
      for (let i = 4; i < bytes.length; i++) {
        const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((back) => bytes[i - back]!) as Window;
        checksum = v(0, a, b, checksum);
        counts[v(2, a, b) ^ c]!++;
        counts[v(3, a, b) ^ d]!++;
        counts[v(11, a, b) ^ e]!++;
        counts[v(5, a, c) ^ d]!++;
        counts[v(7, a, c) ^ e]!++;
        counts[v(13, a, d) ^ e]!++;
      }
      assert.deepEqual(tripletsOf(bytes, permutation), { counts, checksum });
    }),
    { examples: long.map((bytes) => [bytes]) },
  );
});

Deno.test("rollOver() meets each place where the low bits of ssdeep's rolling hash are set", () => {
  fc.assert(
    fc.property(anyBytes, fc.constantFrom(0, 1, 15, 255), (bytes, mask) => {
      const wanted: [number, number][] = [];
      let [plain, weighted, shifted] = [0, 0, 0];
      for (const [i, byte] of bytes.entries()) {
        weighted = (weighted - plain + 7 * byte) | 0;
        plain = plain + byte - (bytes[i - 7] ?? 0);
        shifted = (shifted << 5) ^ byte;
        const hash = (plain + weighted + shifted) >>> 0;
        if (((hash + 1) & mask) === 0) wanted.push([hash, i + 1]);
      }
      const met: [number, number][] = [];
      assert.equal(rollOver(bytes, mask, (...place) => met.push(place)), (plain + weighted + shifted) >>> 0);
      assert.deepEqual(met, wanted);
    }),
    { examples: long.map((bytes) => [bytes, 255]) },
  );
});

Deno.test("hashPieces() hashes each piece of two rows", () => {
  const ends = (bytes: Uint8Array) =>
    fc.uniqueArray(fc.integer({ min: 0, max: bytes.length })).map((all) => all.sort((a, b) => a - b));
  const rows = anyBytes.chain((bytes) => fc.tuple(fc.constant(bytes), ends(bytes), ends(bytes)));
  fc.assert(
    fc.property(rows, ([bytes, first, second]) => {
      const hashed = (row: number[]) =>
        row.map((end, i) =>
          bytes.subarray(row[i - 1] ?? 0, end).reduce((hash, byte) => (hash * 19 ^ byte) & 63, 39)
        );
      assert.deepEqual(hashPieces(bytes, 39, first, second), [hashed(first), hashed(second)]);
    }),
    { examples: long.map((bytes) => [[bytes, [3, 262_143], [bytes.length]]]) },
  );
});
