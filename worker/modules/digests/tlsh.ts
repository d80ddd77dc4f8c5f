/**
 * Trend Micro's locality-sensitive hash (Oliver, Cheng, Chen 2013, "TLSH: A Locality Sensitive Hash"), 128 buckets and
 * one byte of checksum, as version 4 prints it.
 */
import { tripletsOf } from "../../bytes/walks.ts";

/** Pearson's permutation, as TLSH uses it. */
// deno-fmt-ignore
const PERMUTATION = new Uint8Array([
  1, 87, 49, 12, 176, 178, 102, 166, 121, 193, 6, 84, 249, 230, 44, 163, 14, 197, 213, 181, 161, 85, 218, 80, 64, 239,
  24, 226, 236, 142, 38, 200, 110, 177, 104, 103, 141, 253, 255, 50, 77, 101, 81, 18, 45, 96, 31, 222, 25, 107, 190, 70,
  86, 237, 240, 34, 72, 242, 20, 214, 244, 227, 149, 235, 97, 234, 57, 22, 60, 250, 82, 175, 208, 5, 127, 199, 111, 62,
  135, 248, 174, 169, 211, 58, 66, 154, 106, 195, 245, 171, 17, 187, 182, 179, 0, 243, 132, 56, 148, 75, 128, 133, 158,
  100, 130, 126, 91, 13, 153, 246, 216, 219, 119, 68, 223, 78, 83, 88, 201, 99, 122, 11, 92, 32, 136, 114, 52, 10, 138,
  30, 48, 183, 156, 35, 61, 26, 143, 74, 251, 94, 129, 162, 63, 152, 170, 7, 115, 167, 241, 206, 3, 150, 55, 59, 151,
  220, 90, 53, 23, 131, 125, 173, 15, 238, 79, 95, 89, 16, 105, 137, 225, 224, 217, 160, 37, 123, 118, 73, 2, 157, 46,
  116, 9, 145, 134, 228, 207, 212, 202, 215, 69, 229, 27, 188, 67, 124, 168, 252, 42, 4, 29, 108, 21, 247, 19, 205, 39,
  203, 233, 40, 186, 147, 198, 192, 155, 33, 164, 191, 98, 204, 165, 180, 117, 76, 140, 36, 210, 172, 41, 54, 159, 8,
  185, 232, 113, 196, 231, 47, 146, 120, 51, 65, 28, 144, 254, 221, 93, 189, 194, 139, 112, 43, 71, 109, 184, 209,
]);

const BUCKETS = 128;
const LEAST_BYTES = 50;

/** The TLSH digest, `T1` and 70 hexadecimal digits; null for bytes too few or too uniform. */
export function tlsh(bytes: Uint8Array): string | null {
  if (bytes.length < LEAST_BYTES) return null;
  const { counts: unpermuted, checksum } = tripletsOf(bytes, PERMUTATION);
  // The last step of a triplet's hash is the permutation: taken once for each bucket instead of six times a byte.
  const counts = new Uint32Array(256);
  for (let i = 0; i < 256; i++) counts[PERMUTATION[i]!] = unpermuted[i]!;
  const buckets = counts.subarray(0, BUCKETS);
  if (buckets.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0) <= BUCKETS / 2) return null;
  const sorted = buckets.slice().sort();
  const [q1, q2, q3] = [sorted[BUCKETS / 4 - 1]!, sorted[BUCKETS / 2 - 1]!, sorted[BUCKETS * 3 / 4 - 1]!];
  if (q3 === 0) return null;
  const ratio = (q: number) => Math.trunc(Math.fround(Math.fround(q * 100) / Math.fround(q3))) % 16;
  const code = new Uint8Array(BUCKETS / 4);
  for (let i = 0; i < BUCKETS; i++) {
    const n = buckets[i]!;
    const quartile = n > q3 ? 3 : n > q2 ? 2 : n > q1 ? 1 : 0;
    code[code.length - 1 - (i >> 2)]! |= quartile << (2 * (i & 3));
  }
  const head = new Uint8Array([checksum, lengthOf(bytes.length), (ratio(q2) << 4) | ratio(q1)].map(swap));
  return `T1${(head.toHex() + code.toHex()).toUpperCase()}`;
}

/** The length as its logarithm, in three pieces as the paper has it. */
function lengthOf(length: number): number {
  const log = Math.log(length);
  if (length <= 656) return Math.floor(log / Math.log(1.5)) & 255;
  if (length <= 3199) return Math.floor(log / Math.log(1.3) - 8.72777) & 255;
  return Math.floor(log / Math.log(1.1) - 62.5472) & 255;
}

function swap(byte: number): number {
  return ((byte & 15) << 4) | (byte >> 4);
}
