import { createHash } from "node:crypto";
import { entropy } from "../entropy/entropy.ts";
import type { Reader } from "./reader.ts";

/** A data directory: where a table is in memory. */
export interface Directory {
  readonly rva: number;
  readonly size: number;
}

/** A section of the file. */
export interface Section {
  readonly name: string;
  readonly virtualAddress: number;
  readonly virtualSize: number;
  readonly rawOffset: number;
  readonly rawSize: number;
  readonly characteristics: number;
  /** Null, as the digests, where sections overlap so much that digesting them all would take too long. */
  readonly entropy: number | null;
  readonly md5: string | null;
  readonly sha256: string | null;
}

/** COFF and optional header and the section table (Microsoft, "PE Format"). */
export interface Headers {
  readonly peOffset: number;
  readonly machine: number;
  readonly timestamp: number;
  readonly characteristics: number;
  readonly plus: boolean;
  readonly linker: string;
  readonly entryPoint: number;
  readonly imageBase: number;
  readonly sectionAlignment: number;
  readonly fileAlignment: number;
  readonly sizeOfImage: number;
  readonly sizeOfHeaders: number;
  readonly checksum: number;
  readonly subsystem: number;
  readonly dllCharacteristics: number;
  readonly directories: readonly Directory[];
  readonly sections: readonly Section[];
  /** Sections that the header tells of; more than are read where that is a lie. */
  readonly sectionCount: number;
}

/** Sections read at most: the loader takes 96. */
const MOST_SECTIONS = 96;
const MOST_DIRECTORIES = 16;

/** Names of data directories, in the order of the table. */
export const directoryNames = [
  "export",
  "import",
  "resource",
  "exception",
  "security",
  "relocation",
  "debug",
  "architecture",
  "globalPointer",
  "tls",
  "loadConfig",
  "boundImport",
  "importAddress",
  "delayImport",
  "clr",
  "reserved",
] as const;

/** Reads the headers. @throws {SyntaxError} where the file is no PE; {RangeError} where it ends inside the headers */
export function readHeaders(reader: Reader): Headers {
  const peOffset = reader.u32(0x3c);
  if (reader.u32(peOffset) !== 0x4550) throw new SyntaxError(`Cannot read PE: no signature at ${peOffset}`);
  const coff = peOffset + 4;
  const optional = coff + 20;
  const optionalSize = reader.u16(coff + 16);
  const magic = reader.u16(optional);
  if (magic !== 0x10b && magic !== 0x20b) {
    throw new SyntaxError(
      `Cannot read PE: expected an optional header of 0x10b or 0x20b, got 0x${magic.toString(16)}`,
    );
  }
  const plus = magic === 0x20b;
  const table = optional + (plus ? 112 : 96);
  const count = Math.min(reader.u32(table - 4), MOST_DIRECTORIES);
  const directories: Directory[] = [];
  for (let i = 0; i < count && table + 8 * i + 8 <= reader.length; i++) {
    directories.push({ rva: reader.u32(table + 8 * i), size: reader.u32(table + 8 * i + 4) });
  }
  return {
    peOffset,
    machine: reader.u16(coff),
    timestamp: reader.u32(coff + 4),
    characteristics: reader.u16(coff + 18),
    plus,
    linker: `${reader.u8(optional + 2)}.${reader.u8(optional + 3)}`,
    entryPoint: reader.u32(optional + 16),
    imageBase: plus ? reader.u64(optional + 24) : reader.u32(optional + 28),
    sectionAlignment: reader.u32(optional + 32),
    fileAlignment: reader.u32(optional + 36),
    sizeOfImage: reader.u32(optional + 56),
    sizeOfHeaders: reader.u32(optional + 60),
    checksum: reader.u32(optional + 64),
    subsystem: reader.u16(optional + 68),
    dllCharacteristics: reader.u16(optional + 70),
    directories,
    sections: readSections(reader, optional + optionalSize, reader.u16(coff + 2)),
    sectionCount: reader.u16(coff + 2),
  };
}

function readSections(reader: Reader, table: number, count: number): Section[] {
  const sections: Section[] = [];
  for (let i = 0; i < Math.min(count, MOST_SECTIONS); i++) {
    const at = table + 40 * i;
    if (at + 40 > reader.length) break;
    const [rawSize, rawOffset] = [reader.u32(at + 16), reader.u32(at + 20)];
    const data = reader.slice(rawOffset, rawSize);
    const known = reader.afford(data.length);
    sections.push({
      name: reader.text(at, 8),
      virtualSize: reader.u32(at + 8),
      virtualAddress: reader.u32(at + 12),
      rawSize,
      rawOffset,
      characteristics: reader.u32(at + 36),
      entropy: known ? Math.round(entropy(data) * 1e6) / 1e6 : null,
      md5: known ? createHash("md5").update(data).digest("hex") : null,
      sha256: known ? createHash("sha256").update(data).digest("hex") : null,
    });
  }
  return sections;
}

/** The file offset of a place in memory; null where the file has no such place. */
export function offsetOf(headers: Headers, rva: number, length: number): number | null {
  const { sections } = headers;
  for (let i = 0; i < sections.length; i++) {
    const section = sections[i]!;
    const start = section.virtualAddress;
    if (rva < start) continue;
    // The loader rounds a section's place in the file down to 512 bytes; a size past the end of the file is a lie.
    const raw = headers.fileAlignment < 0x200
      ? section.rawOffset
      : section.rawOffset - section.rawOffset % 0x200;
    let size = length - raw < section.rawSize
      ? section.virtualSize
      : Math.max(section.rawSize, section.virtualSize);
    const next = sections[i + 1]?.virtualAddress ?? 0;
    if (next > start && start + size > next) size = next - start;
    if (rva >= start + size) continue;
    const offset = rva - start + raw;
    return offset < length ? offset : null;
  }
  return rva < length ? rva : null;
}
