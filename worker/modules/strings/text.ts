import { findRuns } from "./scan.ts";

/** Bytes of text kept at most; what comes after is counted and left out. */
export const MOST_TEXT = 16 * 1024 * 1024;

/** All strings of a sample. */
export interface FoundStrings {
  readonly ascii: number;
  readonly wide: number;
  /** One string a line, in Latin-1: ASCII ones in their order, then wide ones. */
  readonly lines: Uint8Array;
  /** Strings that `lines` holds. */
  readonly kept: number;
}

/** Gathers the strings of a sample into one buffer, so that none is copied more than once. */
export function gatherStrings(bytes: Uint8Array): FoundStrings {
  const { ascii, wide } = findRuns(bytes);
  const whole = lengthOf(ascii, 1) + lengthOf(wide, 2);
  const lines = new Uint8Array(Math.min(whole, MOST_TEXT));
  let at = 0;
  let kept = 0;
  for (let i = 0; i < ascii.length; i += 2) {
    const [start, end] = [ascii[i]!, ascii[i + 1]!];
    if (at + end - start + 1 > lines.length) break;
    lines.set(bytes.subarray(start, end), at);
    at += end - start;
    lines[at++] = 10;
    kept++;
  }
  for (let i = 0; i < wide.length; i += 2) {
    const [start, end] = [wide[i]!, wide[i + 1]!];
    if (at + (end - start) / 2 + 1 > lines.length) break;
    for (let from = start; from < end; from += 2) lines[at++] = bytes[from]!;
    lines[at++] = 10;
    kept++;
  }
  return { ascii: ascii.length / 2, wide: wide.length / 2, lines: lines.subarray(0, at), kept };
}

function lengthOf(runs: readonly number[], width: number): number {
  let length = 0;
  for (let i = 0; i < runs.length; i += 2) length += (runs[i + 1]! - runs[i]!) / width + 1;
  return length;
}
