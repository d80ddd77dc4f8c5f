import { constants, crc32, inflateRawSync } from "node:zlib";
import { Buffer } from "node:buffer";

/** Thrown where a member has given as much as it may. */
export class TooMuch extends Error {}

/** As much of a member's entry in the directory as is needed to unpack it. */
export interface PlainEntry {
  readonly offset: number;
  readonly compressedSize: number;
  readonly compressionMethod: number;
  readonly signature?: number | undefined;
}

/** Bytes before a member's name (APPNOTE.TXT 4.3.7). */
const LOCAL_LENGTH = 30;

/**
 * Unpacks a member that is stored or deflated and not encrypted, as far as its data goes; null for other methods. What the
 * entry says of its unpacked size is not looked at.
 *
 * @returns the bytes, and whether they are what its checksum says
 * @throws {TooMuch} beyond `most` bytes
 */
export function inflatePlain(
  archive: Uint8Array,
  entry: PlainEntry,
  most: number,
): { readonly data: Uint8Array; readonly sound: boolean } | null {
  const { offset, compressedSize, compressionMethod, signature } = entry;
  if (compressionMethod !== 0 && compressionMethod !== 8) return null;
  const zip = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  if (offset + LOCAL_LENGTH > zip.length) throw new Error("It lies beyond the end of the archive");
  const start = offset + LOCAL_LENGTH + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const packed = archive.subarray(start, start + compressedSize);
  if (compressionMethod === 0 && packed.length > most) throw new TooMuch();
  const data = compressionMethod === 0 ? packed.slice() : inflate(packed, most);
  return { data, sound: signature === undefined || crc32(data) === signature };
}

function inflate(packed: Uint8Array, most: number): Uint8Array {
  try {
    // Flushing instead of finishing gives what comes before a cut.
    return inflateRawSync(packed, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw new TooMuch();
    }
    throw cause;
  }
}
