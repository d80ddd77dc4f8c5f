import { eastAsianWidth } from "get-east-asian-width";

/** Columns that text takes in a terminal: wide characters two, each other at least one, so that nothing hides in none. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += eastAsianWidth(character.codePointAt(0)!);
  return width;
}

/** Cuts text into pieces of at most `width` columns, wherever that falls: joined they are the text again. */
export function split(text: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let taken = 0;
  for (const character of text) {
    const wide = widthOf(character);
    if (taken + wide > width) {
      pieces.push(piece);
      piece = "";
      taken = 0;
    }
    piece += character;
    taken += wide;
  }
  return [...pieces, piece];
}

/** Breaks text at spaces into lines of at most `width` columns; words that are longer are cut. Its own line breaks stay. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line.replaceAll("\t", "    ").trimEnd(), width));
}

function wrapLine(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  let taken = 0;
  for (const word of text.split(" ")) {
    const wide = widthOf(word);
    if (taken > 0 && taken + 1 + wide <= width) {
      line += ` ${word}`;
      taken += 1 + wide;
      continue;
    }
    if (taken > 0) lines.push(line);
    const pieces = split(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1)!;
    taken = widthOf(line);
  }
  return [...lines, line];
}

/** Text with spaces behind it up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}
