import { createHash } from "node:crypto";
import { type Headers, offsetOf } from "./headers.ts";
import { nameOfOrdinal } from "./ordinals.ts";
import type { Reader } from "./reader.ts";

/** A function that the program imports. */
export interface Import {
  /** As written in the file. */
  readonly library: string;
  /** Null where it is imported by number and the number has no known name. */
  readonly name: string | null;
  readonly ordinal: number | null;
  readonly delayed: boolean;
}

/** Imports read at most, and libraries. */
export const MOST_IMPORTS = 10_000;
const MOST_LIBRARIES = 1000;
const MOST_NAME = 512;

/** Names that a library or function can have: a table of anything else is no import table. */
const LIBRARY = /^[\x20-\x7e]{1,255}$/;
const FUNCTION = /^[\x21-\x7e]{1,511}$/;

/** Imports in the order of the table, first the usual, then the delayed ones. */
export function readImports(reader: Reader, headers: Headers): Import[] {
  const imports: Import[] = [];
  readUsual(reader, headers, imports);
  readDelayed(reader, headers, imports);
  return imports;
}

function readUsual(reader: Reader, headers: Headers, into: Import[]): void {
  const directory = headers.directories[1];
  const table = directory && directory.rva !== 0 ? offsetOf(headers, directory.rva, reader.length) : null;
  if (table === null) return;
  for (let i = 0; i < MOST_LIBRARIES && table + 20 * (i + 1) <= reader.length; i++) {
    const at = table + 20 * i;
    const [lookup, nameRva, address] = [reader.u32(at), reader.u32(at + 12), reader.u32(at + 16)];
    if (nameRva === 0 && address === 0) return;
    const library = nameAt(reader, headers, nameRva);
    if (library === null || !LIBRARY.test(library)) return;
    readThunks(reader, headers, lookup !== 0 ? lookup : address, address, { library, delayed: false }, into);
  }
}

function readDelayed(reader: Reader, headers: Headers, into: Import[]): void {
  const directory = headers.directories[13];
  const table = directory && directory.rva !== 0 ? offsetOf(headers, directory.rva, reader.length) : null;
  if (table === null) return;
  for (let i = 0; i < MOST_LIBRARIES && table + 32 * (i + 1) <= reader.length; i++) {
    const at = table + 32 * i;
    const [nameRva, names] = [reader.u32(at + 4), reader.u32(at + 16)];
    if (nameRva === 0) return;
    const library = nameAt(reader, headers, nameRva);
    if (library === null || !LIBRARY.test(library)) return;
    readThunks(reader, headers, names, 0, { library, delayed: true }, into);
  }
}

function readThunks(
  reader: Reader,
  headers: Headers,
  rva: number,
  fallback: number,
  base: Pick<Import, "library" | "delayed">,
  into: Import[],
): void {
  const table = offsetOf(headers, rva, reader.length) ?? offsetOf(headers, fallback, reader.length);
  if (table === null) return;
  const width = headers.plus ? 8 : 4;
  const library = base.library.toLowerCase();
  for (let at = table; at + width <= reader.length && into.length < MOST_IMPORTS; at += width) {
    const low = reader.u32(at);
    const high = headers.plus ? reader.u32(at + 4) : 0;
    if (low === 0 && high === 0) return;
    if ((headers.plus ? high : low) >>> 31 === 1) {
      const ordinal = low & 0xffff;
      const name = nameOfOrdinal(library, ordinal);
      into.push({ ...base, ordinal, name: name === `ord${ordinal}` ? null : name });
      continue;
    }
    const hint = offsetOf(headers, low & 0x7fffffff, reader.length);
    if (hint === null || hint + 2 >= reader.length) return;
    const name = reader.text(hint + 2, MOST_NAME);
    if (!FUNCTION.test(name)) return;
    into.push({ ...base, name, ordinal: null });
  }
}

function nameAt(reader: Reader, headers: Headers, rva: number): string | null {
  const at = offsetOf(headers, rva, reader.length);
  return at === null ? null : reader.text(at, MOST_NAME);
}

/**
 * The imphash (Mandiant 2014, "Tracking Malware with Import Hashing"): MD5 over `library.function`, lower case, in order. Null
 * without imports.
 */
export function imphash(imports: readonly Import[]): string | null {
  const usual = imports.filter(({ delayed }) => !delayed);
  if (usual.length === 0) return null;
  const names = usual.map(({ library, name, ordinal }) => {
    const stem = library.toLowerCase().replace(/\.(ocx|sys|dll)$/, "");
    return `${stem}.${(name ?? `ord${ordinal}`).toLowerCase()}`;
  });
  return createHash("md5").update(names.join(",")).digest("hex");
}
