import type { Section, Segment } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** What the dynamic linker is told. */
export interface Dynamic {
  readonly needed: readonly string[];
  readonly soname: string | null;
  readonly rpath: string | null;
  readonly runpath: string | null;
  readonly flags: number;
  readonly flags1: number;
  readonly bindNow: boolean;
  /** Addresses of the symbol table, its strings and the hash tables, for files without sections. */
  readonly symbols: number | null;
  readonly strings: number | null;
  readonly hash: number | null;
  readonly gnuHash: number | null;
}

const MOST_ENTRIES = 4096;
const DYNAMIC = 2;
const LOAD = 1;
const TAG = {
  needed: 1,
  hash: 4,
  strings: 5,
  symbols: 6,
  soname: 14,
  rpath: 15,
  bindNow: 24,
  runpath: 29,
  flags: 30,
  gnuHash: 0x6ffffef5,
  flags1: 0x6ffffffb,
};

/** Reads the dynamic segment, else the dynamic section; null where there is neither. */
export function readDynamic(
  reader: Reader,
  segments: readonly Segment[],
  sections: readonly Section[],
): Dynamic | null {
  const segment = segments.find(({ type }) => type === DYNAMIC);
  const section = sections.find(({ type }) => type === 6);
  const place = segment ? { offset: segment.offset, size: segment.fileSize } : section;
  if (!place) return null;
  const width = reader.wide ? 8 : 4;
  const entries: [tag: number, value: number][] = [];
  for (
    let at = place.offset;
    at + 2 * width <= Math.min(place.offset + place.size, reader.length);
    at += 2 * width
  ) {
    const tag = reader.word(at);
    if (tag === 0 || entries.length === MOST_ENTRIES) break;
    entries.push([tag, reader.word(at + width)]);
  }
  const value = (tag: number) => entries.find(([one]) => one === tag)?.[1] ?? null;
  const address = value(TAG.strings);
  const strings = address === null ? null : offsetOf(address, segments);
  const text = (at: number | null) => at === null || strings === null ? null : reader.text(strings + at);
  return {
    needed: entries.filter(([tag]) => tag === TAG.needed).map(([, at]) => text(at) ?? ""),
    soname: text(value(TAG.soname)),
    rpath: text(value(TAG.rpath)),
    runpath: text(value(TAG.runpath)),
    flags: value(TAG.flags) ?? 0,
    flags1: value(TAG.flags1) ?? 0,
    bindNow: value(TAG.bindNow) !== null || ((value(TAG.flags) ?? 0) & 8) !== 0 ||
      ((value(TAG.flags1) ?? 0) & 1) !== 0,
    symbols: value(TAG.symbols),
    strings,
    hash: value(TAG.hash),
    gnuHash: value(TAG.gnuHash),
  };
}

/** The file offset of an address; the address itself where no segment is loaded there. */
export function offsetOf(address: number, segments: readonly Segment[]): number {
  const segment = segments.find(({ type, address: start, fileSize }) =>
    type === LOAD && address >= start && address < start + fileSize
  );
  return segment ? address - segment.address + segment.offset : address;
}
