/** How often each byte value occurs. */
export function histogram(bytes: Uint8Array): Uint32Array {
  // Four tables, so that runs of one value don't wait for their own last increment.
  const [a, b, c, d] = [0, 0, 0, 0].map(() => new Uint32Array(256)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a[bytes[i]!]!++;
    b[bytes[i + 1]!]!++;
    c[bytes[i + 2]!]!++;
    d[bytes[i + 3]!]!++;
  }
  for (let i = whole; i < bytes.length; i++) a[bytes[i]!]!++;
  for (let value = 0; value < 256; value++) a[value]! += b[value]! + c[value]! + d[value]!;
  return a;
}

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
  return entropyOf(histogram(bytes), bytes.length);
}
