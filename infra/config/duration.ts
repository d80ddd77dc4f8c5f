const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a duration: a number of milliseconds, or digits with a unit (`250ms`, `60s`, `2m`, `1h`, `7d`).
 * @throws {RangeError} where it is neither
 */
export function parseDuration(value: string | number): number {
  const match = /^(\d{1,12})(ms|s|m|h|d)?$/.exec(String(value).trim());
  if (match === null) {
    throw new RangeError(
      `Cannot parse duration: expected milliseconds or digits with ms, s, m, h or d, got '${value}'`,
    );
  }
  return Number(match[1]) * units[(match[2] ?? "ms") as keyof typeof units];
}
