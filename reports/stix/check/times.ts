import type { StixObject } from "../object.ts";

const EXACT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const TIMES = [
  "created",
  "modified",
  "submitted",
  "analysis_started",
  "analysis_ended",
  "first_observed",
  "last_observed",
]
  .concat(["published", "valid_from"]);

/** Pairs of which the first may not be after the second. */
const ORDER = [
  ["created", "modified"],
  ["analysis_started", "analysis_ended"],
  ["first_observed", "last_observed"],
] as const;

/** Times: real ones, to the millisecond, in order. */
export function checkTimes(object: StixObject): string[] {
  const problems = TIMES.flatMap((name) => {
    const value = object[name];
    return value === undefined || isExact(value)
      ? []
      : [`${name}: expected a time with milliseconds, got '${value}'`];
  });
  for (const [before, after] of ORDER) {
    const [first, second] = [object[before], object[after]];
    if (typeof first === "string" && typeof second === "string" && first > second) {
      problems.push(`${after}: expected '${first}' or later, got '${second}'`);
    }
  }
  return problems;
}

function isExact(value: unknown): boolean {
  if (typeof value !== "string" || !EXACT.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}
