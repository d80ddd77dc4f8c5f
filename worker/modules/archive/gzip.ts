import { Readable } from "node:stream";
import { Buffer } from "node:buffer";
import { constants, createGunzip, inflateRawSync } from "node:zlib";
import { join } from "./join.ts";
import type { Allowance } from "./limits.ts";
import type { Unpacked } from "./member.ts";

/** Flags of the header (RFC 1952). */
const FLAG = { checksum: 2, extra: 4, name: 8, comment: 16 };

/**
 * Unpacks a gzip file: one member, named as its header says. Of a broken one, what comes before the break.
 *
 * @throws {Error} where nothing comes out
 */
export async function unpackGzip(bytes: Uint8Array, allowance: Allowance): Promise<Unpacked> {
  const name = nameIn(bytes) ?? "content";
  const most = allowance.next();
  const chunks: Uint8Array[] = [];
  const errors: string[] = [];
  let [size, whole] = [0, false];
  try {
    const unzip = Readable.from(pieces(bytes)).pipe(createGunzip(FLUSHING));
    for await (const chunk of unzip as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > most || !allowance.goesOn()) break;
      chunks.push(chunk);
    }
    whole = size <= most && size % 2 ** 32 === lengthIn(bytes);
    if (size <= most && !whole) {
      errors.push("Its length is not what its end says: it was cut, or more follows it");
    }
  } catch (cause) {
    errors.push(`Cannot unpack gzip: ${cause instanceof Error ? cause.message : cause}`);
    if (size === 0) {
      const data = inflateBody(bytes, most);
      if (data === null || data.length === 0) throw new Error(errors[0], { cause });
      chunks.push(data);
      size = data.length;
    }
  }
  if (size > most) allowance.refused();
  const files = size > most || !allowance.goesOn() ? [] : [{ name, bytes: join(chunks, size) }];
  for (const file of files) allowance.took(file.bytes.length);
  const member = {
    name,
    size: whole ? size : null,
    packed: bytes.length,
    encrypted: false,
    kind: "file",
    modified: null,
  } as const;
  return { type: "gzip", members: [member], files, opened: null, errors };
}

/** Bytes fed and given at a time: little more than this is unpacked beyond a limit. */
const PIECE = 64 * 1024;

/** What a small file holds whose checksum or end is wrong; null where nothing can be read. */
function inflateBody(bytes: Uint8Array, most: number): Uint8Array | null {
  try {
    const options = { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH };
    return inflateRawSync(bytes.subarray(bodyOf(bytes)), options);
  } catch {
    // The first error says why already.
    return null;
  }
}

/** Where the header ends. */
function bodyOf(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = 10 + ((flags & FLAG.extra) !== 0 ? 2 + (bytes[10] ?? 0) + 256 * (bytes[11] ?? 0) : 0);
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) !== 0) at = bytes.indexOf(0, at) + 1 || bytes.length;
  }
  return at + ((flags & FLAG.checksum) !== 0 ? 2 : 0);
}

/** Flushing instead of finishing gives what comes before a cut. */
const FLUSHING = { chunkSize: PIECE, finishFlush: constants.Z_SYNC_FLUSH };

/** The last four bytes: the length of what was packed last, modulo 2^32. */
function lengthIn(bytes: Uint8Array): number {
  return bytes.length < 18 ? -1 : Buffer.from(bytes.subarray(-4)).readUInt32LE();
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

function nameIn(bytes: Uint8Array): string | null {
  const flags = bytes[3] ?? 0;
  if ((flags & FLAG.name) === 0) return null;
  const start = 10 + ((flags & FLAG.extra) !== 0 ? 2 + (bytes[10] ?? 0) + 256 * (bytes[11] ?? 0) : 0);
  const end = bytes.indexOf(0, start);
  return end > start
    ? new TextDecoder("latin1").decode(bytes.subarray(start, Math.min(end, start + 1024)))
    : null;
}
