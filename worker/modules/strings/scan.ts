/** Where strings stand in a sample: pairs of start and end (bytes, end excluded). */
export interface Runs {
  readonly ascii: number[];
  readonly wide: number[];
}

/** Shortest string kept, in characters. */
export const LEAST = 6;

/** 1 for the printable characters, 0x20 to 0x7e. */
const PRINTABLE = Uint8Array.from({ length: 256 }, (_, byte) => byte >= 0x20 && byte <= 0x7e ? 1 : 0);

/**
 * Finds runs of six or more printable ASCII characters, and of such characters each followed by a zero (UTF-16LE), as the
 * expressions `[\x20-\x7e]{6,}` and `(?:[\x20-\x7e]\x00){6,}` find them from left to right.
 */
export function findRuns(bytes: Uint8Array): Runs {
  const ascii: number[] = [];
  const wide: number[] = [];
  const length = bytes.length;
  for (let i = 0; i < length;) {
    // A run of six covers every sixth byte, so one look at the sixth tells most places off.
    if (PRINTABLE[bytes[i + LEAST - 1]!] !== 1) {
      i += LEAST;
      continue;
    }
    let start = i + LEAST - 1;
    while (start > i && PRINTABLE[bytes[start - 1]!] === 1) start--;
    let end = i + LEAST;
    while (end < length && PRINTABLE[bytes[end]!] === 1) end++;
    if (end - start >= LEAST) ascii.push(start, end);
    i = end + 1;
  }
  for (let i = 0; i + 2 * LEAST <= length;) {
    // A wide run that starts at one of the next ten places covers both of these: one is a zero, the other a character.
    const [one, two] = [bytes[i + 10]!, bytes[i + 11]!];
    if (one === 0 ? PRINTABLE[two] !== 1 : two !== 0 || PRINTABLE[one] !== 1) {
      i += 10;
      continue;
    }
    const next = i + 10;
    for (; i < next && i + 2 * LEAST <= length; i++) {
      if (bytes[i + 1] !== 0 || PRINTABLE[bytes[i]!] !== 1) continue;
      let end = i + 2;
      while (end + 1 < length && bytes[end + 1] === 0 && PRINTABLE[bytes[end]!] === 1) end += 2;
      if (end - i >= 2 * LEAST) {
        wide.push(i, end);
        i = end;
        break;
      }
      i = end - 2;
    }
  }
  return { ascii, wide };
}
