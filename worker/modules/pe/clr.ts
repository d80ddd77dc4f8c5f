import { type Headers, offsetOf } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** The header of a .NET program (ECMA-335, II.25.3.3 and II.24.2.1). */
export interface Clr {
  /** Version that the metadata ask for, e.g. `v4.0.30319`; null where they can't be read. */
  readonly runtime: string | null;
  /** Version of the header, e.g. `2.5`. */
  readonly header: string;
  readonly flags: number;
}

const DIRECTORY = 14;
/** `BSJB`, where the metadata start. */
const METADATA = 0x424a5342;
const MOST_VERSION = 255;

/** Reads the CLR header; null where the file has none, and so is no .NET program. */
export function readClr(reader: Reader, headers: Headers): Clr | null {
  const directory = headers.directories[DIRECTORY];
  const at = directory && directory.rva !== 0 ? offsetOf(headers, directory.rva, reader.length) : null;
  if (at === null) return null;
  const metadata = offsetOf(headers, reader.u32(at + 8), reader.length);
  const known = metadata !== null && metadata + 16 <= reader.length && reader.u32(metadata) === METADATA;
  return {
    runtime: known
      ? reader.text(metadata + 16, Math.min(reader.u32(metadata + 12), MOST_VERSION)) || null
      : null,
    header: `${reader.u16(at + 4)}.${reader.u16(at + 6)}`,
    flags: reader.u32(at + 16),
  };
}
