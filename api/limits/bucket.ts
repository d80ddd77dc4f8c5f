/** How fast somebody may go: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Token buckets by name, in memory, at most {@link MAX_NAMES} of them. */
export interface Buckets {
  readonly rate: Rate;
  /** Tokens left, taking none. */
  left(name: string): number;
  /** Takes a token; gives how many are left, negative where there was none. */
  take(name: string): number;
  /** Seconds until the next token. */
  wait(name: string): number;
}

/** Buckets kept; the one unused for longest goes first, and comes back full. */
const MAX_NAMES = 10_000;

/** Token buckets. `now` gives milliseconds of a clock that doesn't go back. */
export function createBuckets(rate: Rate, now: () => number = () => performance.now()): Buckets {
  const levels = new Map<string, { tokens: number; at: number }>();

  const left = (name: string): number => {
    const level = levels.get(name);
    if (!level) return rate.burst;
    return Math.min(rate.burst, level.tokens + (now() - level.at) / 1000 * rate.perSecond);
  };

  return {
    rate,
    left,
    take(name) {
      const tokens = left(name) - 1;
      levels.delete(name); // the order of a Map is that of insertion: the first is the one unused for longest
      levels.set(name, { tokens: Math.max(0, tokens), at: now() });
      if (levels.size > MAX_NAMES) levels.delete(levels.keys().next().value!);
      return tokens;
    },
    wait: (name) => Math.max(0, (1 - left(name)) / rate.perSecond),
  };
}
