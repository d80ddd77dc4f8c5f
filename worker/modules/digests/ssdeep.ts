/**
 * Context-triggered piecewise hashing as ssdeep does it (Kornblum 2006, "Identifying almost identical files using context
 * triggered piecewise hashing"; digests equal those of libfuzzy 2.14).
 */
import { hashPieces, rollOver } from "../../bytes/walks.ts";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LENGTH = 64;
const MIN_BLOCK = 3;
/** Low six bits of the piece hash's start value: no more of them reaches the digest. */
const START = 0x28021967 & 63;

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
    const hashes = hashPieces(bytes, START, cuts(pieces[0]!, LENGTH), cuts(pieces[1]!, LENGTH / 2));
    const [first, second] = hashes.map((row) => row.map((hash) => BASE64[hash]).join(""));
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
  // The bits under the size's power of two tell most places off.
  const rolling = rollOver(bytes, (1 << lowest) - 1, (hash, end) => note(ends, block, hash + 1, end));
  return { ends, rolling };
}

/** Takes down that a piece ends there: for each of the three block sizes that the hash is one below a multiple of. */
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
