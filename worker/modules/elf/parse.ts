import { type Dynamic, readDynamic } from "./dynamic.ts";
import {
  type Header,
  readHeader,
  readSections,
  readSegments,
  type Section,
  type Segment,
} from "./headers.ts";
import { readBuildId } from "./notes.ts";
import type { Reader } from "./reader.ts";
import { readSymbols, type Symbols } from "./symbols.ts";

/** What an ELF file says of itself. */
export interface Elf {
  readonly header: Header;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly dynamic: Dynamic | null;
  readonly symbols: Symbols;
  readonly buildId: string | null;
  readonly interpreter: string | null;
  /** Compilers that left their name. */
  readonly comments: readonly string[];
  readonly stripped: boolean;
  readonly hardening: {
    readonly pie: boolean;
    readonly nx: boolean;
    readonly relro: "none" | "partial" | "full";
    readonly canary: boolean;
    readonly fortify: boolean;
  };
  /** Bytes after the last segment and section. */
  readonly overlay: number;
  readonly anomalies: readonly string[];
  readonly errors: readonly string[];
}

const SEGMENT = { load: 1, interpreter: 3, stack: 0x6474e551, relro: 0x6474e552 };
const EXECUTE = 1;
const WRITE = 2;
const NOBITS = 8;

/** Reads an ELF file as far as it goes. @throws {SyntaxError} where it is none, {RangeError} where it ends inside the header */
export function parseElf(bytes: Uint8Array): Elf {
  const { header, reader } = readHeader(bytes);
  const errors: string[] = [];
  const part = <T>(name: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (cause) {
      errors.push(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
      return otherwise;
    }
  };
  const segments = part("program headers", () => readSegments(reader), []);
  const sections = part("sections", () => readSections(reader), []);
  const dynamic = part("dynamic", () => readDynamic(reader, segments, sections), null);
  const none: Symbols = { imports: [], exports: [], count: 0, cut: false };
  const symbols = part("symbols", () => readSymbols(reader, sections, segments, dynamic), none);
  const interpreter = segments.find(({ type }) => type === SEGMENT.interpreter);
  const stack = segments.find(({ type }) => type === SEGMENT.stack);
  const relro = segments.some(({ type }) => type === SEGMENT.relro);
  return {
    header,
    segments,
    sections,
    dynamic,
    symbols,
    buildId: part("notes", () => readBuildId(reader, segments, sections), null),
    interpreter: interpreter ? reader.text(interpreter.offset) : null,
    comments: readComments(reader, sections),
    stripped: !sections.some(({ name }) => name === ".symtab"),
    hardening: {
      pie: header.type === 3 && (interpreter !== undefined || ((dynamic?.flags1 ?? 0) & 0x08000000) !== 0),
      nx: stack !== undefined && (stack.flags & EXECUTE) === 0,
      relro: relro ? dynamic?.bindNow ? "full" : "partial" : "none",
      canary: symbols.imports.includes("__stack_chk_fail"),
      fortify: symbols.imports.some((name) => /^__\w+_chk$/.test(name) && name !== "__stack_chk"),
    },
    overlay: overlayOf(reader, segments, sections),
    anomalies: findAnomalies(header, segments, sections, reader.length),
    errors,
  };
}

function readComments(reader: Reader, sections: readonly Section[]): string[] {
  const section = sections.find(({ name }) => name === ".comment");
  if (!section) return [];
  const text = new TextDecoder("latin1").decode(reader.slice(section.offset, Math.min(section.size, 4096)));
  return [...new Set(text.split("\0").filter(Boolean))].slice(0, 20);
}

function overlayOf(reader: Reader, segments: readonly Segment[], sections: readonly Section[]): number {
  const wide = reader.wide;
  const tables = [
    reader.word(wide ? 40 : 32) + reader.u16(wide ? 58 : 46) * sections.length,
    reader.word(wide ? 32 : 28) + reader.u16(wide ? 54 : 42) * segments.length,
  ];
  const ends = [
    ...tables,
    ...segments.map(({ offset, fileSize }) => offset + fileSize),
    ...sections.filter(({ type }) => type !== NOBITS).map(({ offset, size }) => offset + size),
  ].filter((end) => end <= reader.length);
  return reader.length - ends.reduce((most, end) => Math.max(most, end), 0);
}

function findAnomalies(
  header: Header,
  segments: readonly Segment[],
  sections: readonly Section[],
  length: number,
): string[] {
  const found: string[] = [];
  const loaded = segments.filter(({ type }) => type === SEGMENT.load);
  if (sections.length === 0) found.push("no-sections");
  if (loaded.some(({ flags }) => (flags & WRITE) !== 0 && (flags & EXECUTE) !== 0)) {
    found.push("segment-writable-executable");
  }
  if (loaded.some(({ offset, fileSize }) => offset + fileSize > length)) found.push("segment-beyond-file");
  const runs = header.type === 2 || (header.type === 3 && header.entry !== 0);
  const entered = loaded.find(({ address, memorySize }) =>
    header.entry >= address && header.entry < address + memorySize
  );
  if (runs && loaded.length > 0 && !entered) found.push("entry-point-outside-segments");
  else if (runs && entered && (entered.flags & EXECUTE) === 0) found.push("entry-point-not-executable");
  return found;
}
