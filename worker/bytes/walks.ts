/** Walks over a sample's bytes in WebAssembly (`walks.wat`), a chunk at a time, so that memory stays small whatever the sample's size. */
import * as walks from "./walks.wasm";

const CHUNK = 256 * 1024;
/** Where a chunk lies, and how many bytes before it a walk looks back at; zeros stand for what is before the first. */
const AT = 65_536;
const BEHIND = 8;

const memory = new Uint8Array(walks.memory.buffer);
const words = new Uint32Array(walks.memory.buffer);
const STEPS = words.subarray(0, 2048);
const TRIPLETS = words.subarray(2048, 3584);
const HISTOGRAM = words.subarray(3584, 4608);
const ROLLING = words.subarray(4608, 4611);
const HASHES = words.subarray(4611, 4613);

/** Puts the chunk that starts at `from` into memory; gives where it ends there. */
function load(bytes: Uint8Array, from: number): number {
  const start = Math.max(0, from - BEHIND);
  const chunk = bytes.subarray(start, from + CHUNK);
  if (from < BEHIND) memory.fill(0, AT - BEHIND, AT - from + start);
  memory.set(chunk, AT - (from - start));
  return AT + chunk.length - (from - start);
}

/** How often each byte value occurs. */
export function histogramOf(bytes: Uint8Array): Uint32Array {
  HISTOGRAM.fill(0);
  for (let from = 0; from < bytes.length; from += CHUNK) walks.histogram(AT, load(bytes, from));
  const counts = HISTOGRAM.slice(0, 256);
  for (let value = 0; value < 256; value++) {
    counts[value]! += HISTOGRAM[256 + value]! + HISTOGRAM[512 + value]! + HISTOGRAM[768 + value]!;
  }
  return counts;
}

/** Salts of the six kinds of triplets that TLSH counts, then that of its checksum. */
const SALTS = [2, 3, 11, 5, 7, 13, 0];

/** TLSH's triplets by what their hash is before its last step, a permutation; and its checksum. Five bytes or more. */
export function tripletsOf(
  bytes: Uint8Array,
  permutation: Uint8Array,
): { counts: Uint32Array; checksum: number } {
  for (let value = 0; value < 256; value++) {
    STEPS[value] = permutation[value]! << 2;
    for (const [kind, salt] of SALTS.entries()) {
      STEPS[256 * (kind + 1) + value] = permutation[permutation[salt]! ^ value]! << 2;
    }
  }
  TRIPLETS.fill(0);
  let checksum = 0;
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const end = load(bytes, from);
    checksum = walks.triplets(from === 0 ? AT + 4 : AT, end, checksum);
  }
  const counts = TRIPLETS.slice(0, 256);
  for (let i = 256; i < TRIPLETS.length; i++) counts[i & 255]! += TRIPLETS[i]!;
  return { counts, checksum: checksum >> 2 };
}

/**
 * ssdeep's rolling hash over all bytes: `onPlace` gets it (unsigned) with the place after each byte where the bits of `mask`
 * say that a piece may end. Gives the hash at the end.
 */
export function rollOver(
  bytes: Uint8Array,
  mask: number,
  onPlace: (hash: number, end: number) => void,
): number {
  ROLLING.fill(0);
  const total = () => (ROLLING[0]! + ROLLING[1]! + ROLLING[2]!) >>> 0;
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const end = load(bytes, from);
    for (let at = AT; at < end;) {
      at = walks.roll(at, end, mask);
      const hash = total();
      if (((hash + 1) & mask) === 0) onPlace(hash, from + at - AT);
    }
  }
  return total();
}

/**
 * ssdeep's hashes of two rows of pieces, each given by the places where its pieces end, the last at the end of the bytes or before:
 * six bits a piece.
 */
export function hashPieces(
  bytes: Uint8Array,
  start: number,
  first: readonly number[],
  second: readonly number[],
): [number[], number[]] {
  const [one, two]: [number[], number[]] = [[], []];
  HASHES.fill(start);
  let [i, j] = [0, 0];
  for (let from = 0, at = 0; i < first.length || j < second.length;) {
    const end = Math.min(first[i] ?? bytes.length, second[j] ?? bytes.length);
    while (at < end) {
      if (at === from) load(bytes, from);
      const stop = Math.min(end, from + CHUNK);
      walks.hash(AT + at - from, AT + stop - from);
      at = stop;
      if (at === from + CHUNK) from = at;
    }
    for (; first[i] === end; i++, HASHES[0] = start) one.push(HASHES[0]! & 63);
    for (; second[j] === end; j++, HASHES[1] = start) two.push(HASHES[1]! & 63);
  }
  return [one, two];
}
