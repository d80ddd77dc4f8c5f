/**
 * Context-triggered piecewise hashing as ssdeep does it (Kornblum 2006, "Identifying almost identical files using context
 * triggered piecewise hashing"; digests equal those of libfuzzy 2.14).
 */

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LENGTH = 64;
const MIN_BLOCK = 3;
/** Low six bits of the hash's start value and prime: no more of them reaches the digest. */
const START = 0x28021967 & 63;
const PRIME = 0x01000193 & 63;

/** The pieces of one block size: digest so far, hash of the piece under way, and the half-length twin of both. */
interface Pieces {
  digest: string;
  /** The last character, which goes on changing once the digest is full. */
  last: string;
  halfLast: string;
  hash: number;
  halfHash: number;
}

/** The ssdeep digest, e.g. `3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C`. */
export function ssdeep(bytes: Uint8Array): string {
  let level = 0;
  while ((MIN_BLOCK << level) * LENGTH < bytes.length && level < 30) level++;
  for (;;) {
    const lowest = Math.max(0, level - 1);
    const run = scan(bytes, lowest);
    while (level > lowest && run.pieces[level - lowest]!.digest.length < LENGTH / 2) level--;
    // Too few triggers even at the lower of the two sizes: look further down.
    if (level > 0 && level === lowest && run.pieces[0]!.digest.length < LENGTH / 2) {
      level = lowest - 1;
      if (run.pieces[0]!.digest.length < LENGTH / 2) continue;
    }
    return format(level, run.pieces[level - lowest]!, run.pieces[level - lowest + 1]!, run.rolling);
  }
}

/** Hashes pieces of three block sizes in one pass: `3 << lowest` and its next two doubles. */
function scan(bytes: Uint8Array, lowest: number): { pieces: Pieces[]; rolling: number } {
  const pieces: Pieces[] = Array.from({ length: 3 }, () => ({
    digest: "",
    last: "",
    halfLast: "",
    hash: START,
    halfHash: START,
  }));
  const [a, b, c] = pieces as [Pieces, Pieces, Pieces];
  const block = MIN_BLOCK << lowest;
  const mask = (1 << lowest) - 1;
  let [h1, h2, h3] = [0, 0, 0];
  let [a1, a2, b1, b2, c1, c2] = [START, START, START, START, START, START];
  const length = bytes.length;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]!;
    h2 = (h2 - h1 + 7 * byte) | 0;
    h1 = h1 + byte - (i >= 7 ? bytes[i - 7]! : 0);
    h3 = (h3 << 5) ^ byte;
    a1 = ((a1 * PRIME) ^ byte) & 63;
    a2 = ((a2 * PRIME) ^ byte) & 63;
    b1 = ((b1 * PRIME) ^ byte) & 63;
    b2 = ((b2 * PRIME) ^ byte) & 63;
    c1 = ((c1 * PRIME) ^ byte) & 63;
    c2 = ((c2 * PRIME) ^ byte) & 63;
    // A piece ends where the sum is one below a multiple of its block size; the bits under the size's power of two tell most.
    const next = (h1 + h2 + h3 + 1) | 0;
    if ((next & mask) !== 0 || (next >>> 0) % block !== 0 || next === 0) continue;
    a.hash = a1, a.halfHash = a2;
    cut(a);
    a1 = a.hash, a2 = a.halfHash;
    if ((next >>> 0) % (block * 2) !== 0) continue;
    b.hash = b1, b.halfHash = b2;
    cut(b);
    b1 = b.hash, b2 = b.halfHash;
    if ((next >>> 0) % (block * 4) !== 0) continue;
    c.hash = c1, c.halfHash = c2;
    cut(c);
    c1 = c.hash, c2 = c.halfHash;
  }
  a.hash = a1, a.halfHash = a2, b.hash = b1, b.halfHash = b2, c.hash = c1, c.halfHash = c2;
  return { pieces, rolling: (h1 + h2 + h3) >>> 0 };
}

function cut(pieces: Pieces): void {
  pieces.last = BASE64[pieces.hash]!;
  pieces.halfLast = BASE64[pieces.halfHash]!;
  if (pieces.digest.length >= LENGTH - 1) return;
  pieces.digest += pieces.last;
  pieces.last = "";
  pieces.hash = START;
  if (pieces.digest.length < LENGTH / 2) {
    pieces.halfLast = "";
    pieces.halfHash = START;
  }
}

function format(level: number, pieces: Pieces, doubled: Pieces, rolling: number): string {
  const first = pieces.digest + (rolling !== 0 ? BASE64[pieces.hash]! : pieces.last);
  const kept = doubled.digest.slice(0, LENGTH / 2 - 1);
  const second = kept + (rolling !== 0 ? BASE64[doubled.halfHash]! : doubled.halfLast);
  return `${MIN_BLOCK << level}:${first}:${second}`;
}
