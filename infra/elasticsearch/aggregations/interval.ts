import { type QueryField, readDate, readDouble, readLong } from "@assay/core";

/** More buckets than this are neither drawn nor counted. */
export const MAX_BUCKETS = 500;

/** Thrown for an interval, or an end of a histogram, that can't be read or makes too many buckets. */
export class IntervalError extends RangeError {
  override readonly name = "IntervalError";
}

/** A way to divide an axis. */
interface Division {
  /** As a request may give it. */
  readonly text: string;
  /** About how long a part is. */
  readonly length: number;
  /** The beginning of the part that holds `at`. */
  floor(at: number): number;
  /** The beginning of the next part, for a beginning. */
  next(at: number): number;
}

const day = 86_400_000;
const lengths: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: day, w: 7 * day };
const monthsOf: Readonly<Record<string, number>> = { M: 1, y: 12 };
/** Round spans of time, shortest first. */
const spans = "1s 5s 10s 30s 1m 5m 10m 30m 1h 3h 6h 12h 1d 1w 1M 3M 1y 5y 10y 50y 100y".split(" ");

/** A span of time: months and years by the calendar, weeks from Monday, all in UTC. Null for anything else. */
function timeDivision(text: string): Division | null {
  const parts = /^([1-9]\d{0,3})([smhdwMy])$/.exec(text);
  if (parts === null) return null;
  const [count, unit] = [Number(parts[1]), parts[2]!];
  const length = lengths[unit];
  if (length !== undefined) {
    const step = count * length;
    // Weeks begin on Monday; the epoch was a Thursday.
    const shift = unit === "w" ? -3 * day : 0;
    return {
      text,
      length: step,
      floor: (at) => Math.floor((at - shift) / step) * step + shift,
      next: (at) => at + step,
    };
  }
  const months = count * monthsOf[unit]!;
  const monthOf = (at: number) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();
  const begin = (month: number) => new Date(0).setUTCFullYear(0, month, 1);
  return {
    text,
    length: months * 30.44 * day,
    floor: (at) => begin(Math.floor(monthOf(at) / months) * months),
    next: (at) => begin(monthOf(at) + months),
  };
}

/** Parts of equal width. Multiples are divided, not added up, so that `0.3` stays `0.3`. */
function numberDivision(step: number): Division {
  const times = (count: number) =>
    Number.isInteger(step) ? count * step : Number((count * step).toPrecision(15));
  return {
    text: String(step),
    length: step,
    floor: (at) => times(Math.floor(at / step)),
    next: (at) => times(Math.round(at / step) + 1),
  };
}

/** How an axis is divided. */
export interface Axis {
  /** The interval as a request may give it; null where parts double. */
  readonly interval: string | null;
  /** Where parts begin, and where the last one ends: one more than there are parts. */
  readonly edges: readonly number[];
}

/** Divides `min` to `max` into about `wanted` parts, or fewer, of a round width. */
export function chooseAxis(field: QueryField, min: number, max: number, wanted: number): Axis {
  for (const division of candidates(field, (max - min) / wanted)) {
    const edges = edgesOf(division, min, max, Math.min(wanted + 1, MAX_BUCKETS));
    if (edges !== null) return { interval: division.text, edges };
  }
  throw new IntervalError(`Cannot divide '${field.name}': expected a shorter range, got ${min} to ${max}`);
}

function* candidates(field: QueryField, width: number): Generator<Division> {
  if (field.type === "date") {
    for (const text of spans) {
      const division = timeDivision(text)!;
      if (division.length >= width / 2) yield division;
    }
    for (const years of [500, 1000, 5000]) yield timeDivision(`${years}y`)!;
    return;
  }
  const least = field.type === "long" ? 0 : -9;
  const first = width > 0 ? Math.floor(Math.log10(width)) : least;
  for (let exponent = Math.max(least, first); exponent <= first + 3 || exponent <= least + 3; exponent++) {
    for (const digit of [1, 2, 5]) yield numberDivision(Number(`${digit}e${exponent}`));
  }
}

/** Divides `min` to `max` by an interval as it was written. @throws {IntervalError} */
export function readAxis(field: QueryField, min: number, max: number, text: string): Axis {
  const division = field.type === "date" ? timeDivision(text) : readStep(field, text);
  if (division === null) {
    const looks = field.type === "date"
      ? "a span such as 1h, 1d, 1w, 1M or 1y"
      : `a ${field.type === "long" ? "whole " : ""}number above 0`;
    throw new IntervalError(`Cannot divide '${field.name}': expected ${looks}, got '${text.slice(0, 40)}'`);
  }
  const edges = edgesOf(division, min, max, MAX_BUCKETS);
  if (edges !== null) return { interval: division.text, edges };
  throw new IntervalError(
    `Cannot divide '${field.name}': expected an interval that makes at most ${MAX_BUCKETS} buckets, got '${text}'`,
  );
}

function readStep(field: QueryField, text: string): Division | null {
  const step = field.type === "long" ? readLong(text) : readDouble(text);
  return step === null || step <= 0 ? null : numberDivision(step);
}

function edgesOf(division: Division, min: number, max: number, most: number): number[] | null {
  if ((max - min) / division.length > most * 2) return null;
  const edges = [division.floor(min)];
  while (edges.at(-1)! <= max) {
    if (edges.length > most) return null;
    edges.push(division.next(edges.at(-1)!));
  }
  return edges;
}

/** Divides whole numbers so that each part is twice as wide as the one before: 0, 1, 2, 4, 8… */
export function doublingAxis(field: QueryField, min: number, max: number): Axis {
  if (field.type !== "long") {
    throw new IntervalError(`Cannot divide '${field.name}' by doubling: expected a field of whole numbers`);
  }
  const edges = [min < 1 ? Math.min(0, min) : 2 ** Math.floor(Math.log2(min))];
  while (edges.at(-1)! <= max) edges.push(edges.at(-1)! < 1 ? 1 : edges.at(-1)! * 2);
  return { interval: null, edges };
}

/** An end of an axis as a query would write it: where its span begins, or ends. @throws {IntervalError} */
export function readEnd(field: QueryField, text: string, which: "from" | "to", now: number): number {
  const value = field.type === "date"
    ? readDate(text, now)?.[which] ?? null
    : field.type === "long"
    ? readLong(text)
    : readDouble(text);
  if (value !== null) return value;
  throw new IntervalError(
    `Cannot divide '${field.name}': expected '${which}' to be ${
      field.type === "date" ? "a date or a time such as now-7d" : "a number"
    }, got '${text.slice(0, 40)}'`,
  );
}
