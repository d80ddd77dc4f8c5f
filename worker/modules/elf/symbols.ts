import { type Dynamic, offsetOf } from "./dynamic.ts";
import type { Section, Segment } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** Names of dynamic symbols, and how many symbols there are in all. */
export interface Symbols {
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  /** Of the dynamic and the full table together. */
  readonly count: number;
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
  if (dynamic?.symbols == null || dynamic.strings === null || dynamic.hash === null) {
    return { imports: [], exports: [], count };
  }
  // The hash table's second word is the number of symbols.
  const stripped = reader.u32(offsetOf(dynamic.hash, segments) + 4);
  return {
    ...readNames(reader, offsetOf(dynamic.symbols, segments), stripped, dynamic.strings),
    count: stripped,
  };
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
  return { imports, exports };
}
