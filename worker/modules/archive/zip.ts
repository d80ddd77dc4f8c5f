import { configure, type Entry, type FileEntry, Uint8ArrayReader, ZipReader } from "@zip.js/zip.js";
import { rebuildDirectory } from "./directory.ts";
import { inflatePlain, TooMuch } from "./inflate.ts";
import { join } from "./join.ts";
import type { Allowance } from "./limits.ts";
import { type Member, MOST_ERRORS, MOST_LISTED, nameOfPassword, type Unpacked } from "./member.ts";

/** Packed bytes read at a time: a piece of zeros is unpacked whole, a thousand times its size, before anybody counts. */
export const PIECE = 4096;
configure({ useWebWorkers: false, chunkSize: PIECE });

/** Members looked at beyond those listed: folders come without limit otherwise. */
const MOST_PASSED = 50_000;

/**
 * Unpacks a zip, one member at a time. Bytes are counted as they are inflated, since declared sizes lie and members may
 * overlap. Of one that was cut, what comes before the cut.
 *
 * @throws {Error} where no member can be listed
 */
export async function unpackZip(
  bytes: Uint8Array,
  passwords: readonly string[],
  allowance: Allowance,
): Promise<Unpacked> {
  const unpacked = await unpackListed(bytes, passwords, allowance);
  if (unpacked.members.length > 0 || unpacked.errors.length === 0) return unpacked;
  const rebuilt = rebuildDirectory(bytes);
  if (rebuilt === null) throw new Error(`Cannot unpack zip: ${unpacked.errors[0]}`);
  const salvaged = await unpackListed(rebuilt, passwords, allowance);
  return { ...salvaged, errors: [...unpacked.errors, ...salvaged.errors] };
}

async function unpackListed(
  bytes: Uint8Array,
  passwords: readonly string[],
  allowance: Allowance,
): Promise<Unpacked> {
  // Whatever can be read is read: names never become paths here.
  const reader = new ZipReader(new Uint8ArrayReader(bytes), { strictness: "tolerant" });
  const members: Member[] = [];
  const files: { name: string; bytes: Uint8Array }[] = [];
  const errors: string[] = [];
  let opened: number | null = null;
  let more = 0;
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (members.length < MOST_LISTED) members.push(describe(entry));
      else if (!allowance.goesOn() || ++more > MOST_PASSED) break;
      if (entry.directory || isLink(entry)) continue;
      const most = allowance.next();
      if (most === 0) break;
      allowance.read(Math.min(entry.compressedSize, Math.max(0, bytes.length - entry.offset)));
      if (allowance.bomb) break;
      try {
        if (!entry.encrypted) {
          const plain = inflatePlain(bytes, entry, most);
          if (plain !== null) {
            allowance.took(plain.data.length);
            files.push({ name: entry.filename, bytes: plain.data });
            if (!plain.sound && errors.length < MOST_ERRORS) {
              errors.push("A member is not what its checksum says: it was cut or changed");
            }
            continue;
          }
        }
        const places = passwords.map((_, place) => place);
        const order = opened === null ? places : [opened, ...places.filter((place) => place !== opened)];
        const { data, place } = await readEntry(entry as FileEntry, most, passwords, order, allowance);
        if (place !== null) opened = place;
        allowance.took(data.length);
        files.push({ name: entry.filename, bytes: data });
      } catch (cause) {
        if (cause instanceof TooMuch) {
          allowance.wasted(most);
          if (allowance.goesOn()) allowance.refused();
        } else if (errors.length < MOST_ERRORS) errors.push(reasonOf(cause));
      }
    }
  } catch (cause) {
    errors.push(reasonOf(cause));
  } finally {
    await reader.close();
  }
  return { type: "zip", members, files, errors, opened: opened === null ? null : nameOfPassword(opened) };
}

async function readEntry(
  entry: FileEntry,
  most: number,
  passwords: readonly string[],
  order: readonly number[],
  allowance: Allowance,
): Promise<{ data: Uint8Array; place: number | null }> {
  if (!entry.encrypted) return { data: await inflate(entry, most, allowance), place: null };
  let last: unknown = new Error("It is encrypted");
  for (const place of order) {
    try {
      return { data: await inflate(entry, most, allowance, passwords[place]!), place };
    } catch (cause) {
      if (cause instanceof TooMuch) throw cause;
      last = cause;
    }
  }
  throw last;
}

async function inflate(
  entry: FileEntry,
  most: number,
  allowance: Allowance,
  password?: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const writable = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(chunk) {
      size += chunk.length;
      if (size > most || !allowance.goesOn()) throw new TooMuch();
      chunks.push(chunk.slice());
    },
  });
  try {
    await entry.getData(writable, { checkSignature: true, ...(password !== undefined && { password }) });
  } catch (cause) {
    throw size > most || !allowance.goesOn() ? new TooMuch() : cause;
  }
  return join(chunks, size);
}

function describe(entry: Entry): Member {
  return {
    name: entry.filename,
    size: entry.uncompressedSize,
    packed: entry.compressedSize,
    encrypted: entry.encrypted,
    kind: entry.directory ? "folder" : isLink(entry) ? "link" : "file",
    modified: timeOf(entry.lastModDate),
  };
}

/** Unix mode in the upper half of the external attributes. */
function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function timeOf(date: Date | undefined): string | null {
  return date && Number.isFinite(date.getTime()) ? date.toISOString() : null;
}

function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 200);
}
