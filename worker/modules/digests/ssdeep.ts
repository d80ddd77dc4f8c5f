/**
 * Context-triggered piecewise hashing as ssdeep does it (Kornblum 2006, "Identifying almost identical files using context
 * triggered piecewise hashing"; digests equal those of libfuzzy 2.14).
 */

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LENGTH = 64;
const MIN_BLOCK = 3;
/** Bytes that the rolling hash looks at. */
const WINDOW = 7;
/** Low six bits of the hash's start value and prime: no more of them reaches the digest. */
const START = 0x28021967 & 63;
const PRIME = 0x01000193 & 63;

/** Where pieces of one block size end (bytes, end excluded): the first that a digest can hold, and the last of all. */
interface Ends {
  readonly kept: number[];
  count: number;
  last: number;
}

/** The ssdeep digest, e.g. `3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C`. */
export function ssdeep(bytes: Uint8Array): string {
  let level = 0;
  while ((MIN_BLOCK << level) * LENGTH < bytes.length && level < 30) level++;
  for (;;) {
    const lowest = Math.max(0, level - 1);
    const { ends, rolling } = findEnds(bytes, lowest);
    while (level > lowest && ends[level - lowest]!.count < LENGTH / 2) level--;
    // Too few pieces even at the lower of the two sizes: look further down.
    if (level > 0 && level === lowest && ends[0]!.count < LENGTH / 2) {
      level = lowest - 1;
      continue;
    }
    const cuts = (ends: Ends, most: number) => cutsOf(ends, most, rolling === 0 ? null : bytes.length);
    const pieces = ends.slice(level - lowest);
    const [first, second] = hashPieces(bytes, cuts(pieces[0]!, LENGTH), cuts(pieces[1]!, LENGTH / 2));
    return `${MIN_BLOCK << level}:${first}:${second}`;
  }
}

/**
 * Finds the ends of pieces of three block sizes in one pass: `3 << lowest` and its next two doubles. Hashing them is left to a
 * second pass that knows which size it is for: two hashes a byte instead of four.
 */
function findEnds(bytes: Uint8Array, lowest: number): { ends: Ends[]; rolling: number } {
  const ends: Ends[] = [0, 1, 2].map(() => ({ kept: [], count: 0, last: 0 }));
  const block = MIN_BLOCK << lowest;
  const start = Math.min(WINDOW, bytes.length);
  const sums = new Int32Array(3);
  for (let i = 0; i < start; i++) {
    const byte = bytes[i]!;
    sums[1]! += 7 * byte - sums[0]!;
    sums[0]! += byte;
    sums[2] = (sums[2]! << 5) ^ byte;
    note(ends, block, total(sums) + 1, i + 1);
  }
  for (let at = start; at < bytes.length;) {
    at = roll(bytes, at, (1 << lowest) - 1, sums);
    note(ends, block, total(sums) + 1, at);
  }
  return { ends, rolling: total(sums) };
}

/**
 * Takes bytes into the rolling hash (its three sums) up to one where a piece may end; gives the place after it. A piece ends where the
 * hash is one below a multiple of its block size; the bits under the size's power of two tell most places off.
 */
function roll(bytes: Uint8Array, from: number, mask: number, sums: Int32Array): number {
  const length = bytes.length;
  let plain = sums[0]!;
  let weighted = sums[1]!;
  let shifted = sums[2]!;
  let at = from;
  while (at < length) {
    const byte = bytes[at]!;
    weighted = (weighted - plain + 7 * byte) | 0;
    plain = (plain + byte - bytes[at - WINDOW]!) | 0;
    shifted = (shifted << 5) ^ byte;
    at++;
    if (((plain + weighted + shifted + 1) & mask) === 0) break;
  }
  sums[0] = plain, sums[1] = weighted, sums[2] = shifted;
  return at;
}

function total(sums: Int32Array): number {
  return (sums[0]! + sums[1]! + sums[2]!) >>> 0;
}

/** Takes down that a piece ends there, for each of the three block sizes that divide the hash and one. */
function note(ends: readonly Ends[], block: number, next: number, end: number): void {
  for (let step = 0; step < 3 && next % (block * 2 ** step) === 0; step++) {
    const one = ends[step]!;
    if (one.kept.length < LENGTH - 1) one.kept.push(end);
    one.count++;
    one.last = end;
  }
}

/**
 * Ends of the pieces that give a character each, `most` at most. The last takes all that is left, up to the end of the bytes,
 * or, where the rolling hash ends as zero, up to the last end found.
 */
function cutsOf(ends: Ends, most: number, length: number | null): number[] {
  const cuts = ends.kept.slice(0, most - 1);
  if (length !== null) cuts.push(length);
  else if (ends.count > cuts.length) cuts.push(ends.last);
  return cuts;
}

/** Hashes the pieces of both halves of a digest side by side, since each step of one has to wait for the step before it. */
function hashPieces(
  bytes: Uint8Array,
  first: readonly number[],
  second: readonly number[],
): [string, string] {
  const length = bytes.length;
  let one = "";
  let two = "";
  let a = START;
  let b = START;
  let [i, j, at] = [0, 0, 0];
  while (i < first.length || j < second.length) {
    const end = Math.min(first[i] ?? length, second[j] ?? length);
    for (; at < end; at++) {
      const byte = bytes[at]!;
      // Products and exclusive ors carry upwards only: the low six bits are right without masking each step.
      a = Math.imul(a, PRIME) ^ byte;
      b = Math.imul(b, PRIME) ^ byte;
    }
    for (; first[i] === end; i++, a = START) one += BASE64[a & 63];
    for (; second[j] === end; j++, b = START) two += BASE64[b & 63];
  }
  return [one, two];
}
