import { createHash } from "node:crypto";
import { entropy } from "../entropy/entropy.ts";
import { Reader } from "./reader.ts";

/** The ELF header. */
export interface Header {
  readonly type: number;
  readonly machine: number;
  readonly entry: number;
  readonly osAbi: number;
  readonly flags: number;
  readonly bits: 32 | 64;
  readonly little: boolean;
}

/** A program header. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
}

/** A section. */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly entrySize: number;
  /** Of the bytes in the file; null where it has none there. */
  readonly entropy: number | null;
  readonly sha256: string | null;
}

/** Program headers and sections read at most. */
export const MOST_SEGMENTS = 512;
export const MOST_SECTIONS = 4096;
/** Bytes hashed at most, in lengths of the file, since sections of a hostile file may all hold the whole of it. */
const MOST_BYTES_FACTOR = 4;
const NOBITS = 8;

/** Reads the header. @throws {SyntaxError} where the file is no ELF, {RangeError} where it ends inside */
export function readHeader(bytes: Uint8Array): { header: Header; reader: Reader } {
  if (bytes.length < 20 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) {
    throw new SyntaxError("Cannot read ELF: no magic number at the start");
  }
  const [size, order] = [bytes[4], bytes[5]];
  if ((size !== 1 && size !== 2) || (order !== 1 && order !== 2)) {
    throw new SyntaxError(
      `Cannot read ELF: expected class and byte order of 1 or 2, got ${size} and ${order}`,
    );
  }
  const reader = new Reader(bytes, size === 2, order === 1);
  return {
    reader,
    header: {
      type: reader.u16(16),
      machine: reader.u16(18),
      entry: reader.word(24),
      osAbi: bytes[7]!,
      flags: reader.u32(reader.wide ? 48 : 36),
      bits: reader.wide ? 64 : 32,
      little: order === 1,
    },
  };
}

/** Program headers, as many as the file has and the header says. */
export function readSegments(reader: Reader): Segment[] {
  const wide = reader.wide;
  const table = reader.word(wide ? 32 : 28);
  const [size, count] = [reader.u16(wide ? 54 : 42), reader.u16(wide ? 56 : 44)];
  const segments: Segment[] = [];
  for (let i = 0; i < Math.min(count, MOST_SEGMENTS); i++) {
    const at = table + size * i;
    if (size < (wide ? 56 : 32) || at + size > reader.length) break;
    segments.push({
      type: reader.u32(at),
      flags: reader.u32(at + (wide ? 4 : 24)),
      offset: reader.word(at + (wide ? 8 : 4)),
      address: reader.word(at + (wide ? 16 : 8)),
      fileSize: reader.word(at + (wide ? 32 : 16)),
      memorySize: reader.word(at + (wide ? 40 : 20)),
    });
  }
  return segments;
}

/** Sections; the first names how many there are where the header has no room for it. */
export function readSections(reader: Reader): Section[] {
  const wide = reader.wide;
  const table = reader.word(wide ? 40 : 32);
  const size = reader.u16(wide ? 58 : 46);
  if (table === 0 || size < (wide ? 64 : 40) || table + size > reader.length) return [];
  const field = (i: number, narrow: number, broad: number) => table + size * i + (wide ? broad : narrow);
  let count = reader.u16(wide ? 60 : 48);
  let names = reader.u16(wide ? 62 : 50);
  if (count === 0) count = reader.word(field(0, 20, 32));
  if (names === 0xffff) names = reader.u32(field(0, 24, 40));
  count = Math.min(count, MOST_SECTIONS, Math.floor((reader.length - table) / size));
  const strings = names < count ? reader.word(field(names, 16, 24)) : null;

  let budget = MOST_BYTES_FACTOR * reader.length;
  return Array.from({ length: count }, (_, i) => {
    const [type, offset, length] = [
      reader.u32(field(i, 4, 4)),
      reader.word(field(i, 16, 24)),
      reader.word(field(i, 20, 32)),
    ];
    const data = type === NOBITS || type === 0 ? new Uint8Array() : reader.slice(offset, length);
    const known = data.length > 0 && data.length <= budget;
    if (known) budget -= data.length;
    return {
      name: strings === null ? "" : reader.text(strings + reader.u32(field(i, 0, 0))),
      type,
      flags: reader.word(field(i, 8, 8)),
      address: reader.word(field(i, 12, 16)),
      offset,
      size: length,
      link: reader.u32(field(i, 24, 40)),
      info: reader.u32(field(i, 28, 44)),
      entrySize: reader.word(field(i, 36, 56)),
      entropy: known ? Math.round(entropy(data) * 1e6) / 1e6 : null,
      sha256: known ? createHash("sha256").update(data).digest("hex") : null,
    };
  });
}
