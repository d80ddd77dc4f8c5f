import { type Headers, offsetOf } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** The debug database that belongs to the program (CodeView: `RSDS`, or `NB10` of old linkers). */
export interface Debug {
  readonly pdb: string;
  /** Null in an old record, which has a timestamp instead. */
  readonly guid: string | null;
  readonly age: number;
}

const CODEVIEW = 2;
const MOST_ENTRIES = 64;

/** The CodeView record; null where there is none. */
export function readDebug(reader: Reader, headers: Headers): Debug | null {
  const directory = headers.directories[6];
  const table = directory && directory.rva !== 0 ? offsetOf(headers, directory.rva, reader.length) : null;
  if (!directory || table === null) return null;
  const count = Math.min(Math.floor(directory.size / 28), MOST_ENTRIES);
  for (let i = 0; i < count && table + 28 * i + 28 <= reader.length; i++) {
    const entry = table + 28 * i;
    const at = reader.u32(entry + 24);
    if (reader.u32(entry + 12) !== CODEVIEW || at + 24 >= reader.length) continue;
    const size = reader.u32(entry + 16);
    const pdb = (start: number) => utf8(reader.slice(at + start, Math.min(size - start, 1024)));
    const magic = reader.text(at, 4);
    if (magic === "RSDS") return { pdb: pdb(24), guid: guidAt(reader, at + 4), age: reader.u32(at + 20) };
    if (magic === "NB10") return { pdb: pdb(16), guid: null, age: reader.u32(at + 12) };
  }
  return null;
}

function guidAt(reader: Reader, at: number): string {
  const rest = reader.slice(at + 8, 8).toHex();
  const part = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  return `${part(reader.u32(at), 8)}-${part(reader.u16(at + 4), 4)}-${part(reader.u16(at + 6), 4)}-${
    rest.slice(0, 4)
  }-${rest.slice(4)}`;
}

function utf8(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
