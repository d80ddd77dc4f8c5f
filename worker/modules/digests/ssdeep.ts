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
      continue;
    }
    return format(level, run.pieces[level - lowest]!, run.pieces[level - lowest + 1]!, run.rolling);
  }
}

/**
 * Hashes pieces of three block sizes in one pass: `3 << lowest` and its next two doubles. The lowest is never the second half of a
 * digest and the highest never the first, so each keeps only the hash that can be asked for.
 */
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
  // Products and exclusive ors carry upwards only: the low six bits are right without masking each step.
  let [a1, b1, b2, c2] = [START, START, START, START];
  const length = bytes.length;
  const window = new Uint8Array(8);
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]!;
    h2 = (h2 - h1 + Math.imul(7, byte)) | 0;
    h1 = (h1 + byte - window[i & 7]!) | 0;
    window[(i + 7) & 7] = byte;
    h3 = (h3 << 5) ^ byte;
    a1 = Math.imul(a1, PRIME) ^ byte;
    b1 = Math.imul(b1, PRIME) ^ byte;
    b2 = Math.imul(b2, PRIME) ^ byte;
    c2 = Math.imul(c2, PRIME) ^ byte;
    // A piece ends where the sum is one below a multiple of its block size; the bits under the size's power of two tell most.
    const next = (h1 + h2 + h3 + 1) | 0;
    if ((next & mask) !== 0 || (next >>> 0) % block !== 0 || next === 0) continue;
    a.hash = a1 & 63;
    cut(a);
    a1 = a.hash;
    if ((next >>> 0) % (block * 2) !== 0) continue;
    b.hash = b1 & 63, b.halfHash = b2 & 63;
    cut(b);
    b1 = b.hash, b2 = b.halfHash;
    if ((next >>> 0) % (block * 4) !== 0) continue;
    c.hash = c.halfHash = c2 & 63;
    cut(c);
    c2 = c.halfHash;
  }
  a.hash = a1 & 63, b.hash = b1 & 63, b.halfHash = b2 & 63, c.halfHash = c2 & 63;
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
