/** Strings kept for search and display. */
export const MOST_CHOSEN = { strings: 2000, characters: 64 * 1024 } as const;

/** Longest string looked at as a whole; the rest of a longer one is cut. */
const LONGEST = 1024;

/**
 * The strings that say most, each once, in the order they stand: by how many of their characters make words, up to the
 * limits. Chance runs of code bytes (short, mixed, without vowels) go first.
 */
export function chooseStrings(strings: readonly string[]): string[] {
  const chosen = new Map<string, number>();
  let characters = 0;
  for (const place of byWorth(strings)) {
    if (chosen.size === MOST_CHOSEN.strings) break;
    const string = strings[place]!;
    const length = Math.min(string.length, LONGEST);
    if (characters + length > MOST_CHOSEN.characters || chosen.has(string)) continue;
    characters += length;
    chosen.set(string, place);
  }
  return [...chosen].sort(([, a], [, b]) => a - b).map(([string]) => string.slice(0, LONGEST));
}

/** Places of the strings, those of most worth first, equals as they stand. Counted, not compared: there may be a million. */
function byWorth(strings: readonly string[]): Uint32Array {
  const count = strings.length;
  const ranks = new Uint16Array(count);
  const starts = new Uint32Array(BEST + WORST + 2);
  for (let place = 0; place < count; place++) {
    const rank = BEST - worthOf(strings[place]!);
    ranks[place] = rank;
    starts[rank + 1]!++;
  }
  for (let rank = 1; rank < starts.length; rank++) starts[rank]! += starts[rank - 1]!;
  const places = new Uint32Array(count);
  for (let place = 0; place < count; place++) places[starts[ranks[place]!]!++] = place;
  return places;
}

const LETTER = 1;
const VOWEL = 2;
const JOINT = 3;
/** What a character adds to a word: letters, vowels, digits and the joints of paths and names; the rest is noise. */
const KIND = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[aeiouAEIOU]/.test(character)) return VOWEL;
  if (/[A-Za-z]/.test(character)) return LETTER;
  return /[0-9 ._\-/\\:@]/.test(character) ? JOINT : 0;
});

/** Characters that a string is judged by. */
const JUDGED = 64;
/** Range of {@link worthOf}: all can be read, and all but three letters are noise. */
const BEST = 4 * JUDGED;
const WORST = 16 * JUDGED;

/** Grows with the length of what can be read and shrinks with noise: whole numbers from `-WORST` to `BEST`. */
function worthOf(text: string): number {
  const length = Math.min(text.length, JUDGED);
  let letters = 0;
  let vowels = 0;
  let noise = 0;
  for (let i = 0; i < length; i++) {
    const kind = KIND[text.charCodeAt(i)];
    if (kind === VOWEL) vowels++;
    else if (kind === LETTER) letters++;
    else if (kind !== JOINT) noise++;
  }
  if (letters + vowels < 3) return 0;
  return (vowels === 0 ? length : 4 * length) - 16 * noise;
}
