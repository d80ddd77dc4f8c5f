import { type Dynamic, offsetOf } from "./dynamic.ts";
import type { Section, Segment } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** Names of dynamic symbols, and how many symbols there are in all. */
export interface Symbols {
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  /** Of the dynamic and the full table together. */
  readonly count: number;
  /** True where there are more dynamic symbols than are read. */
  readonly cut: boolean;
}

/** Dynamic symbols read at most. */
export const MOST_SYMBOLS = 20_000;
const SYMTAB = 2;
const DYNSYM = 11;

/** Reads the dynamic symbols, by the section or, where sections are stripped, by the dynamic table. */
export function readSymbols(
  reader: Reader,
  sections: readonly Section[],
  segments: readonly Segment[],
  dynamic: Dynamic | null,
): Symbols {
  const tables = sections.filter(({ type, entrySize }) =>
    (type === SYMTAB || type === DYNSYM) && entrySize > 0
  );
  const count = tables.reduce((sum, { size, entrySize }) => sum + Math.floor(size / entrySize), 0);
  const table = tables.find(({ type }) => type === DYNSYM);
  const strings = table && sections[table.link];
  const entry = reader.wide ? 24 : 16;
  if (table && strings) {
    return { ...readNames(reader, table.offset, Math.floor(table.size / entry), strings.offset), count };
  }
  if (dynamic?.symbols == null || dynamic.strings === null) {
    return { imports: [], exports: [], count, cut: false };
  }
  const place = offsetOf(dynamic.symbols, segments);
  // No more than the file has room for, whatever a hash table says.
  const counted = Math.min(
    countHashed(reader, segments, dynamic),
    Math.floor((reader.length - place) / entry),
  );
  return { ...readNames(reader, place, counted, dynamic.strings), count: Math.max(0, counted) };
}

/** How many dynamic symbols there are, by a hash table: the only one to know where sections are stripped. */
function countHashed(reader: Reader, segments: readonly Segment[], dynamic: Dynamic): number {
  if (dynamic.hash !== null) return reader.u32(offsetOf(dynamic.hash, segments) + 4);
  return dynamic.gnuHash === null ? 0 : countGnuHashed(reader, offsetOf(dynamic.gnuHash, segments));
}

/** The GNU hash table has no count: it is one past the end of the chain of the bucket that starts last. */
function countGnuHashed(reader: Reader, at: number): number {
  const [buckets, first, bloom] = [reader.u32(at), reader.u32(at + 4), reader.u32(at + 8)];
  const table = at + 16 + bloom * (reader.wide ? 8 : 4);
  let last = 0;
  for (let i = 0; i < buckets && table + 4 * i + 4 <= reader.length; i++) {
    last = Math.max(last, reader.u32(table + 4 * i));
  }
  // Undefined symbols come first and aren't hashed.
  if (last < first) return first;
  const chains = table + 4 * buckets;
  // A hash of odd value ends its chain.
  while ((reader.u32(chains + 4 * (last - first)) & 1) === 0) last++;
  return last + 1;
}

function readNames(reader: Reader, table: number, count: number, strings: number): Omit<Symbols, "count"> {
  const wide = reader.wide;
  const size = wide ? 24 : 16;
  const imports: string[] = [];
  const exports: string[] = [];
  for (let i = 1; i < Math.min(count, MOST_SYMBOLS); i++) {
    const at = table + size * i;
    if (at + size > reader.length) break;
    const name = reader.text(strings + reader.u32(at));
    if (name === "") continue;
    const section = reader.u16(at + (wide ? 6 : 14));
    const binding = reader.u8(at + (wide ? 4 : 12)) >> 4;
    if (section === 0) imports.push(name);
    else if (binding !== 0) exports.push(name);
  }
  return { imports, exports, cut: count > MOST_SYMBOLS };
}
