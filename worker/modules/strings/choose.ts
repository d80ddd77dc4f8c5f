/** Strings kept for search and display. */
export const MOST_CHOSEN = { strings: 2000, characters: 64 * 1024 } as const;

/** Longest string looked at as a whole; the rest of a longer one is cut. */
const LONGEST = 1024;

/**
 * The strings that say most, in the order they stand: by how many of their characters make words, up to the limits. Chance
 * runs of code bytes (short, mixed, without vowels) go first.
 */
export function chooseStrings(strings: readonly string[]): string[] {
  const distinct = [...new Set(strings)];
  const ranked = distinct.map((text, place) => ({ place, text, worth: worthOf(text) })).sort((a, b) =>
    b.worth - a.worth
  );
  const chosen: typeof ranked = [];
  let characters = 0;
  for (const one of ranked) {
    if (chosen.length === MOST_CHOSEN.strings) break;
    const text = one.text.slice(0, LONGEST);
    if (characters + text.length > MOST_CHOSEN.characters) continue;
    characters += text.length;
    chosen.push({ ...one, text });
  }
  return chosen.sort((a, b) => a.place - b.place).map(({ text }) => text);
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

/** Grows with the length of what can be read and shrinks with noise; at most 64. */
function worthOf(text: string): number {
  const length = Math.min(text.length, 64);
  let [letters, vowels, noise] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const kind = KIND[text.charCodeAt(i)];
    if (kind === VOWEL) vowels++;
    else if (kind === LETTER) letters++;
    else if (kind !== JOINT) noise++;
  }
  if (letters + vowels < 3) return 0;
  return (vowels === 0 ? length / 4 : length) - 4 * noise;
}
