/** Orders text by code units: the same on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Each value once, in order. */
export function unique(values: Iterable<string>): string[] {
  return [...new Set(values)].sort(byText);
}
