const powers = { "": 0, K: 1, M: 2, G: 3, T: 4 } as const;

/**
 * Bytes of a size: a number of bytes, or digits with a unit, binary as file systems count (`64KB`, `10 MiB`, `2GB`).
 * @throws {RangeError} where it is neither
 */
export function parseSize(value: string | number): number {
  const match = /^(\d{1,12})\s*([KMGT]?)(?:i?B)?$/i.exec(String(value).trim());
  const bytes = match === null ? NaN : Number(match[1]) *
    1024 ** powers[(match[2] ?? "").toUpperCase() as keyof typeof powers];
  if (!Number.isSafeInteger(bytes)) {
    throw new RangeError(`Cannot parse size: expected bytes or digits with KB, MB, GB or TB, got '${value}'`);
  }
  return bytes;
}
