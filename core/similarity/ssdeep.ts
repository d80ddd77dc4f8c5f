/**
 * Comparison of ssdeep digests (Kornblum 2006, "Identifying almost identical files using context triggered piecewise hashing"),
 * equal to `fuzzy_compare` of libfuzzy 2.14.
 */

/** Characters of a chunk at most. */
const LENGTH = 64;
/** Bytes that the rolling hash looks at, and characters that two chunks must have in common. */
const WINDOW = 7;
const MIN_BLOCK = 3;
/** From here on a score is not held down for being made of few bytes. */
const FREE_BLOCK = Math.floor((99 + WINDOW) / WINDOW) * MIN_BLOCK;
/** Longer block sizes stand in no digest: 3 times a power of two up to 2^31. */
const MAX_BLOCK = 2 ** 33;

/** An ssdeep digest, read once to be compared often. */
export interface Ssdeep {
  /** Of `first`, in bytes; `second` has twice as much. */
  readonly block: number;
  /** Chunks, runs of more than three equal characters cut to three. */
  readonly first: string;
  readonly second: string;
}

/** Reads `<block>:<chunk>:<chunk>`, with or without a file name behind a comma; null for anything else. */
export function readSsdeep(text: string): Ssdeep | null {
  const parts = /^(\d{1,10}):([A-Za-z0-9+/]{0,148}):([A-Za-z0-9+/]{0,148})(?:,|$)/.exec(text);
  if (parts === null) return null;
  const block = Number(parts[1]);
  const [first, second] = [cutRuns(parts[2]!), cutRuns(parts[3]!)];
  if (block < MIN_BLOCK || block > MAX_BLOCK || first.length > LENGTH || second.length > LENGTH) return null;
  return { block, first, second };
}

/**
 * How alike two files are by their digests: 100 for the same digest, 0 where they share no seven characters at a block
 * size that both have. A score says nothing of how much of a file is shared.
 */
export function compareSsdeep(a: Ssdeep, b: Ssdeep): number {
  if (a.block === b.block) {
    if (a.first === b.first && a.second === b.second) return 100;
    return Math.max(
      scoreChunks(a.first, b.first, a.block),
      scoreChunks(a.second, b.second, a.block * 2),
    );
  }
  if (a.block * 2 === b.block) return scoreChunks(a.second, b.first, b.block);
  if (b.block * 2 === a.block) return scoreChunks(a.first, b.second, a.block);
  return 0;
}

/**
 * What an index must hold so that no digest with a score above 0 is missed: each run of seven characters with the block
 * size of its chunk (at most 116). A digest too short for any is only ever like itself, and is one term as a whole.
 */
export function ssdeepTerms({ block, first, second }: Ssdeep): string[] {
  const terms = new Set<string>();
  for (const [chunk, size] of [[first, block], [second, block * 2]] as const) {
    for (let at = 0; at + WINDOW <= chunk.length; at++) terms.add(`${size}:${chunk.slice(at, at + WINDOW)}`);
  }
  return terms.size === 0 ? [`${block}:${first}:${second}`] : [...terms];
}

function cutRuns(chunk: string): string {
  return chunk.replace(/(.)\1{3,}/g, "$1$1$1");
}

function scoreChunks(a: string, b: string, block: number): number {
  if (!shareWindow(a, b)) return 0;
  const lengths = a.length + b.length;
  // Replacing costs as much as removing and inserting, so the distance is what the longest common subsequence leaves.
  const distance = lengths - 2 * commonLength(a, b);
  const score = 100 - Math.floor(100 * Math.floor(distance * LENGTH / lengths) / LENGTH);
  if (block >= FREE_BLOCK) return score;
  return Math.min(score, Math.floor(block / MIN_BLOCK) * Math.min(a.length, b.length));
}

function shareWindow(a: string, b: string): boolean {
  for (let at = 0; at + WINDOW <= b.length; at++) if (a.includes(b.slice(at, at + WINDOW))) return true;
  return false;
}

const low = new Int32Array(128);
const high = new Int32Array(128);

/** Length of the longest common subsequence, 64 places at a time (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"). */
function commonLength(a: string, b: string): number {
  for (let i = 0; i < a.length; i++) {
    const code = a.charCodeAt(i);
    if (i < 32) low[code]! |= 1 << i;
    else high[code]! |= 1 << (i - 32);
  }
  let [l, h] = [-1, -1];
  for (let i = 0; i < b.length; i++) {
    const code = b.charCodeAt(i);
    const [ul, uh] = [l & low[code]!, h & high[code]!];
    const sum = (l >>> 0) + (ul >>> 0);
    const carry = sum > 0xffffffff ? 1 : 0;
    l = (sum | 0) | (l & ~low[code]!);
    h = ((h + uh + carry) | 0) | (h & ~high[code]!);
  }
  for (let i = 0; i < a.length; i++) low[a.charCodeAt(i)] = high[a.charCodeAt(i)] = 0;
  return countZeros(l) + countZeros(h);
}

function countZeros(bits: number): number {
  let count = 0;
  for (let left = ~bits; left !== 0; left &= left - 1) count++;
  return count;
}
