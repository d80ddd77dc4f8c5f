import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createDelimiter } from "./delimiter.ts";

/** Few different bytes, so that there is much to find and to mistake. */
const bytes = (most: number) => fc.array(fc.nat(2), { maxLength: most }).map((list) => Uint8Array.from(list));

Deno.test("find() finds what Buffer.indexOf() finds", () => {
  fc.assert(
    fc.property(bytes(5).filter((b) => b.length > 0), bytes(60), (wanted, within) => {
      assert.equal(createDelimiter(wanted).find(within), Buffer.from(within).indexOf(wanted));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("overlap() tells the longest end that may go on to be the whole", () => {
  fc.assert(
    fc.property(bytes(5).filter((b) => b.length > 0), bytes(20), (wanted, within) => {
      const ends = (length: number) =>
        length <= within.length &&
        Buffer.from(within.slice(within.length - length)).equals(wanted.slice(0, length));
      const expected = [4, 3, 2, 1, 0].find((length) => length < wanted.length && ends(length));
      assert.equal(createDelimiter(wanted).overlap(within), expected);
    }),
    { numRuns: 2000 },
  );
});
