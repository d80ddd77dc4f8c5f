import { join } from "node:path";

/** Characters that fonts have a glyph for. */
export interface Coverage {
  has(codePoint: number): boolean;
}

const LAST = 0x10ffff;

/** What the fonts of a folder cover together, by their tables of characters (OpenType `cmap`, formats 4 and 12). */
export async function readCoverage(folder: string): Promise<Coverage> {
  const bits = new Uint8Array((LAST >> 3) + 1);
  for await (const { name } of Deno.readDir(folder)) {
    if (!/\.(tt[fc]|ot[fc])$/i.test(name)) continue;
    using file = await Deno.open(join(folder, name));
    addFont(await readCmap(file), bits);
  }
  return { has: (codePoint) => ((bits[codePoint >> 3] ?? 0) & (1 << (codePoint & 7))) !== 0 };
}

/** Text in which every character that has no glyph is named, as unseen ones are: a missing glyph tells nothing. */
export function nameUncovered(text: string, coverage: Coverage): string {
  return text.replace(/[\u0080-\u{10FFFF}]/gu, (character) => {
    const codePoint = character.codePointAt(0)!;
    return coverage.has(codePoint)
      ? character
      : `[U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}

/** The table of characters of the first font in a file. */
async function readCmap(file: Deno.FsFile): Promise<DataView> {
  const head = await readAt(file, 0, 16);
  // A collection names its fonts first; those here share one table of characters.
  const start = head.getUint32(0) === 0x74746366 ? head.getUint32(12) : 0;
  const count = (await readAt(file, start, 12)).getUint16(4);
  const directory = await readAt(file, start + 12, count * 16);
  for (let at = 0; at < count * 16; at += 16) {
    if (directory.getUint32(at) === 0x636d6170) {
      return await readAt(file, directory.getUint32(at + 8), directory.getUint32(at + 12));
    }
  }
  throw new SyntaxError("Cannot read a font: it has no table of characters");
}

async function readAt(file: Deno.FsFile, offset: number, length: number): Promise<DataView> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) throw new SyntaxError(`Cannot read a font: it ends before ${offset + length}`);
    at += read;
  }
  return new DataView(bytes.buffer);
}

function addFont(cmap: DataView, bits: Uint8Array): void {
  const count = cmap.getUint16(2);
  for (let i = 0; i < count; i++) {
    const at = cmap.getUint32(4 + i * 8 + 4);
    const format = cmap.getUint16(at);
    if (format === 4) addSegments(cmap, at, bits);
    if (format === 12) addGroups(cmap, at, bits);
  }
}

function addGroups(cmap: DataView, start: number, bits: Uint8Array): void {
  const count = cmap.getUint32(start + 12);
  for (let at = start + 16; at < start + 16 + count * 12; at += 12) {
    const first = cmap.getUint32(at);
    const glyph = cmap.getUint32(at + 8);
    for (let code = first; code <= Math.min(cmap.getUint32(at + 4), LAST); code++) {
      if (glyph + code - first !== 0) add(bits, code);
    }
  }
}

function addSegments(cmap: DataView, start: number, bits: Uint8Array): void {
  const bytes = cmap.getUint16(start + 6);
  const ends = start + 14;
  const starts = ends + bytes + 2;
  for (let at = 0; at < bytes; at += 2) {
    const delta = cmap.getUint16(starts + bytes + at);
    const place = starts + 2 * bytes + at;
    const range = cmap.getUint16(place);
    const first = cmap.getUint16(starts + at);
    for (let code = first; code <= cmap.getUint16(ends + at) && code < 0xffff; code++) {
      const raw = range === 0 ? code : cmap.getUint16(place + range + (code - first) * 2);
      if (raw !== 0 && ((raw + delta) & 0xffff) !== 0) add(bits, code);
    }
  }
}

function add(bits: Uint8Array, code: number): void {
  bits[code >> 3]! |= 1 << (code & 7);
}
