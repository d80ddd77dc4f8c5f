import { histogramOf } from "../../bytes/walks.ts";

/** Shannon entropy in bits a byte, 0 to 8, of bytes with that histogram; 0 for none. */
export function entropyOf(counts: Uint32Array, length: number): number {
  let sum = 0;
  for (const count of counts) {
    if (count > 0) sum -= (count / length) * Math.log2(count / length);
  }
  return length === 0 ? 0 : Math.max(0, sum);
}

/** Shannon entropy of bytes, in bits a byte. */
export function entropy(bytes: Uint8Array): number {
  return entropyOf(histogramOf(bytes), bytes.length);
}
