/**
 * Distance of TLSH digests (Oliver, Cheng, Chen 2013, "TLSH: A Locality Sensitive Hash"), equal to `diff` and `diffxlen` of
 * py-tlsh for digests of 128 buckets and one byte of checksum.
 */

const HEAD = 3;
const BODY = 32;

/** A TLSH digest, read once to be compared often: checksum, length, quartile ratios, then the body, as bytes of the text. */
export type Tlsh = Uint8Array & { readonly tlsh: true };

/** Reads 70 hexadecimal digits, with or without `T1` before them; null for anything else. */
export function readTlsh(text: string): Tlsh | null {
  const digits = /^(?:T1)?([0-9a-f]{70})$/i.exec(text)?.[1];
  return digits === undefined ? null : Uint8Array.fromHex(digits) as Uint8Array as Tlsh;
}

/** Distances of two bytes of the body: four buckets of two bits each, 6 where they lie at opposite ends. */
const BYTES = new Uint8Array(65536);
for (let pair = 0; pair < 65536; pair++) {
  for (let shift = 0; shift < 8; shift += 2) {
    const apart = Math.abs(((pair >> 8 >> shift) & 3) - ((pair >> shift) & 3));
    BYTES[pair]! += apart === 3 ? 6 : apart;
  }
}

/** 0 for the same digest; below 30 is close, above 100 hardly a relation. Differences of length count unless `length` is false. */
export function tlshDistance(a: Tlsh, b: Tlsh, { length = true } = {}): number {
  let distance = a[0] === b[0] ? 0 : 1;
  if (length) distance += lengthPart(apart(swap(a[1]!), swap(b[1]!), 256));
  distance += ratioPart(apart(a[2]! >> 4, b[2]! >> 4, 16)) + ratioPart(apart(a[2]! & 15, b[2]! & 15, 16));
  for (let at = HEAD; at < HEAD + BODY; at++) distance += BYTES[(a[at]! << 8) | b[at]!]!;
  return distance;
}

/** The length as TLSH keeps it: a logarithm, 0 to 255. */
export function tlshLength(digest: Tlsh): number {
  return swap(digest[1]!);
}

/** The 32 bytes of its body. */
export function tlshBody(digest: Tlsh): Uint8Array {
  return digest.subarray(HEAD);
}

function lengthPart(apart: number): number {
  return apart <= 1 ? apart : apart * 12;
}

function ratioPart(apart: number): number {
  return apart <= 1 ? apart : (apart - 1) * 12;
}

/** Distance on a ring of that many places. */
function apart(a: number, b: number, ring: number): number {
  const way = Math.abs(a - b);
  return Math.min(way, ring - way);
}

function swap(byte: number): number {
  return ((byte & 15) << 4) | (byte >> 4);
}
