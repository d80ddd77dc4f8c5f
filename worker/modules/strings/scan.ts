/** Where strings stand in a sample: pairs of start and end (bytes, end excluded). */
export interface Runs {
  readonly ascii: number[];
  readonly wide: number[];
}

/** Shortest string kept, in characters. */
export const LEAST = 6;

/**
 * Finds runs of six or more printable ASCII characters, and of such characters each followed by a zero (UTF-16LE), as the
 * expressions `[\x20-\x7e]{6,}` and `(?:[\x20-\x7e]\x00){6,}` find them from left to right.
 */
export function findRuns(bytes: Uint8Array): Runs {
  return { ascii: findAscii(bytes), wide: findWide(bytes) };
}

function findAscii(bytes: Uint8Array): number[] {
  const runs: number[] = [];
  const length = bytes.length;
  for (let i = 0; i + LEAST <= length;) {
    // Backwards from where a run of six would end: most places are told off by one look, and six bytes are passed at once.
    let at = i + LEAST - 1;
    while (at >= i && isPrintable(bytes[at]!)) at--;
    if (at >= i) {
      i = at + 1;
      continue;
    }
    let end = i + LEAST;
    while (end < length && isPrintable(bytes[end]!)) end++;
    runs.push(i, end);
    i = end + 1;
  }
  return runs;
}

function findWide(bytes: Uint8Array): number[] {
  const runs: number[] = [];
  const length = bytes.length;
  for (let i = 0; i + 2 * LEAST <= length;) {
    // A wide run that starts at one of the next ten places covers both of these: one is a zero, the other a character.
    const one = bytes[i + 10]!;
    const two = bytes[i + 11]!;
    if (one === 0 ? !isPrintable(two) : two !== 0 || !isPrintable(one)) {
      i += 10;
      continue;
    }
    const next = i + 10;
    for (; i < next && i + 2 * LEAST <= length; i++) {
      if (bytes[i + 1] !== 0 || !isPrintable(bytes[i]!)) continue;
      let end = i + 2;
      while (end + 1 < length && bytes[end + 1] === 0 && isPrintable(bytes[end]!)) end += 2;
      if (end - i >= 2 * LEAST) {
        runs.push(i, end);
        i = end;
        break;
      }
      i = end - 2;
    }
  }
  return runs;
}

/** True for the characters 0x20 to 0x7e. */
function isPrintable(byte: number): boolean {
  return ((byte - 0x20) >>> 0) <= 0x5e;
}
