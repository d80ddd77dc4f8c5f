import { configure, type Entry, type FileEntry, Uint8ArrayReader, ZipReader } from "@zip.js/zip.js";
import type { Allowance } from "./limits.ts";
import { type Member, MOST_ERRORS, MOST_LISTED, nameOfPassword, type Unpacked } from "./member.ts";

configure({ useWebWorkers: false });

/** Thrown inside a stream that has given as much as it may. */
class TooMuch extends Error {}

/**
 * Unpacks a zip, one member at a time. Bytes are counted as they are inflated, since declared sizes lie and members may
 * overlap.
 */
export async function unpackZip(
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
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (members.length < MOST_LISTED) members.push(describe(entry));
      if (entry.directory || isLink(entry)) continue;
      const most = allowance.next();
      if (most === 0) break;
      try {
        const order = opened === null ? passwords.map((_, place) => place) : [opened];
        const { data, place } = await readEntry(entry as FileEntry, most, passwords, order);
        if (place !== null) opened = place;
        allowance.took(data.length);
        files.push({ name: entry.filename, bytes: data });
      } catch (cause) {
        if (cause instanceof TooMuch) allowance.refused();
        else if (errors.length < MOST_ERRORS) errors.push(reasonOf(cause));
      }
    }
  } catch (cause) {
    errors.push(reasonOf(cause));
  } finally {
    await reader.close();
  }
  if (members.length === 0 && errors.length > 0) throw new Error(`Cannot unpack zip: ${errors[0]}`);
  return { type: "zip", members, files, errors, opened: opened === null ? null : nameOfPassword(opened) };
}

async function readEntry(
  entry: FileEntry,
  most: number,
  passwords: readonly string[],
  order: readonly number[],
): Promise<{ data: Uint8Array; place: number | null }> {
  if (!entry.encrypted) return { data: await inflate(entry, most), place: null };
  let last: unknown = new Error("It is encrypted");
  for (const place of order) {
    try {
      return { data: await inflate(entry, most, passwords[place]!), place };
    } catch (cause) {
      if (cause instanceof TooMuch) throw cause;
      last = cause;
    }
  }
  throw last;
}

async function inflate(entry: FileEntry, most: number, password?: string): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const writable = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(chunk) {
      size += chunk.length;
      if (size > most) throw new TooMuch();
      chunks.push(chunk.slice());
    },
  });
  try {
    await entry.getData(writable, { checkSignature: true, ...(password !== undefined && { password }) });
  } catch (cause) {
    throw size > most ? new TooMuch() : cause;
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
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
