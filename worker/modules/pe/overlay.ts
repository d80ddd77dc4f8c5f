import { entropy } from "../entropy/entropy.ts";
import { type Headers, offsetOf } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** What follows the part of the file that the headers describe. */
export interface Overlay {
  readonly offset: number;
  readonly size: number;
  /** Bytes of it that are the Authenticode signature. */
  readonly signature: number;
  readonly entropy: number;
}

/** The overlay; null where nothing follows. Starts where pefile says that it starts. */
export function readOverlay(reader: Reader, headers: Headers, optionalSize: number): Overlay | null {
  let end = 0;
  const reach = (offset: number, size: number) => {
    if (offset + size > end && offset + size <= reader.length) end = offset + size;
  };
  reach(headers.peOffset + 24, optionalSize);
  for (const section of headers.sections) reach(section.rawOffset, section.rawSize);
  headers.directories.forEach(({ rva, size }, i) => {
    const offset = i === SECURITY ? null : offsetOf(headers, rva, reader.length);
    if (offset !== null) reach(offset, size);
  });
  if (end >= reader.length) return null;
  const security = headers.directories[SECURITY];
  const signed = security && security.rva >= end ? Math.min(security.size, reader.length - security.rva) : 0;
  return {
    offset: end,
    size: reader.length - end,
    signature: Math.max(0, signed),
    entropy: Math.round(entropy(reader.slice(end, reader.length - end)) * 1e6) / 1e6,
  };
}

const SECURITY = 4;
