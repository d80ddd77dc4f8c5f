import { createHash } from "node:crypto";
import type { Reader } from "./reader.ts";

/** A line of the Rich header: which tool made how many objects. */
export interface RichEntry {
  readonly product: number;
  readonly build: number;
  readonly count: number;
}

/** The Rich header that Microsoft's linker leaves between the DOS stub and the PE header. */
export interface Rich {
  readonly entries: readonly RichEntry[];
  /** MD5 over the decoded header, as pefile computes it. */
  readonly hash: string;
  /** False where the key isn't the checksum that it should be: somebody has edited it. */
  readonly valid: boolean;
}

const RICH = 0x68636952;
const DANS = 0x536e6144;
const MOST_ENTRIES = 256;

/** Reads the Rich header; null where there is none. */
export function readRich(reader: Reader, peOffset: number): Rich | null {
  let end = -1;
  for (let at = 0x40; at + 8 <= Math.min(peOffset, reader.length, 0x1000); at += 4) {
    if (reader.u32(at) === RICH) end = at;
  }
  if (end < 0) return null;
  const key = reader.u32(end + 4);
  let start = -1;
  for (let at = end - 4; at >= 0x40; at -= 4) {
    if (((reader.u32(at) ^ key) >>> 0) === DANS) {
      start = at;
      break;
    }
  }
  if (start < 0) return null;
  const clear = new Uint8Array(end - start);
  const view = new DataView(clear.buffer);
  for (let at = start; at < end; at += 4) view.setUint32(at - start, (reader.u32(at) ^ key) >>> 0, true);
  const entries: RichEntry[] = [];
  for (let at = 16; at + 8 <= clear.length && entries.length < MOST_ENTRIES; at += 8) {
    const tool = view.getUint32(at, true);
    entries.push({ product: tool >>> 16, build: tool & 0xffff, count: view.getUint32(at + 4, true) });
  }
  const hash = createHash("md5").update(clear).digest("hex");
  return { entries, hash, valid: checksum(reader, start, entries) === key };
}

/** The key: offset plus the DOS header, and each entry, rotated into each other. */
function checksum(reader: Reader, start: number, entries: readonly RichEntry[]): number {
  const rotate = (value: number, by: number) =>
    ((value << (by & 31)) | (value >>> (32 - (by & 31)) % 32)) >>> 0;
  let sum = start;
  for (let at = 0; at < start; at++) {
    if (at >= 0x3c && at < 0x40) continue;
    sum = (sum + ((by) => by === 0 ? reader.u8(at) : rotate(reader.u8(at), at))(at & 31)) >>> 0;
  }
  for (const { product, build, count } of entries) {
    const tool = ((product << 16) | build) >>> 0;
    sum = (sum + ((count & 31) === 0 ? tool : rotate(tool, count))) >>> 0;
  }
  return sum;
}
