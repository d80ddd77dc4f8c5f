/** What two lists have apart and in common. */
export interface Difference<T> {
  onlyA: T[];
  onlyB: T[];
  counts: { onlyA: number; onlyB: number; both: number };
}

/** Items of each side that a difference names. */
export const MAX_NAMED = 200;

/** Tells two lists apart by a key; items of one side are named in the key's order, {@link MAX_NAMED} at most. */
export function differenceOf<T>(a: Iterable<T>, b: Iterable<T>, keyOf: (item: T) => string): Difference<T> {
  const [inA, inB] = [byKey(a, keyOf), byKey(b, keyOf)];
  const onlyA = [...inA].filter(([key]) => !inB.has(key));
  const onlyB = [...inB].filter(([key]) => !inA.has(key));
  return {
    onlyA: named(onlyA),
    onlyB: named(onlyB),
    counts: { onlyA: onlyA.length, onlyB: onlyB.length, both: inA.size - onlyA.length },
  };
}

function byKey<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    const known = found.get(key);
    // Of several spellings always the same one is named, in whatever order they come.
    if (known === undefined || JSON.stringify(item) < JSON.stringify(known)) found.set(key, item);
  }
  return found;
}

function named<T>(entries: [string, T][]): T[] {
  return entries.sort(([a], [b]) => a < b ? -1 : 1).slice(0, MAX_NAMED).map(([, item]) => item);
}
