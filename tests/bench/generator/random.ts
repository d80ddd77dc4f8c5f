/** Numbers that look random and come again with the same seed (splitmix32 into mulberry32). */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number at least 0, below `most`. */
  below(most: number): number;
  /** True that often. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One of the first ones far more often than one of the last (Zipf's law). */
  pickZipf<T>(from: readonly T[]): T;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
  /** A pronounceable word of so many syllables. */
  word(syllables: number): string;
}

const syllables = "ba be da do fi ga ho ka ki lo ma me mo na ne ni po ra re ri sa se so ta ti tu va vi xo zu"
  .split(" ");

/** The sequence of that seed. */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)]!,
    pickZipf: (from) => from[Math.min(from.length, Math.floor(Math.pow(from.length + 1, next()))) - 1]!,
    hex(digits) {
      let text = "";
      while (text.length < digits) text += Math.floor(next() * 2 ** 32).toString(16).padStart(8, "0");
      return text.slice(0, digits);
    },
    word(count) {
      let text = "";
      for (let i = 0; i < count; i++) text += syllables[below(syllables.length)]!;
      return text;
    },
  };
}
