import { Buffer } from "node:buffer";

/** Signatures and fixed lengths of a zip's parts (APPNOTE.TXT 4.3.7 to 4.3.16). */
const LOCAL = Buffer.from("PK\x03\x04", "latin1");
const DESCRIPTOR = Buffer.from("PK\x07\x08", "latin1");
const [LOCAL_LENGTH, CENTRAL_LENGTH, END_LENGTH, DESCRIPTOR_LENGTH] = [30, 46, 22, 16];
/** Flag of a member whose sizes come after its data. */
const SIZES_FOLLOW = 8;
const MOST_MEMBERS = 10_000;

/**
 * The zip with a directory made new from the headers before its members, for one that was cut and lost its own. Null where
 * no member begins at the start.
 */
export function rebuildDirectory(bytes: Uint8Array): Uint8Array | null {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Buffer[] = [];
  let at = 0;
  while (entries.length < MOST_MEMBERS && at + LOCAL_LENGTH <= zip.length) {
    if (zip.compare(LOCAL, 0, 4, at, at + 4) !== 0) break;
    const nameLength = zip.readUInt16LE(at + 26);
    const start = at + LOCAL_LENGTH + nameLength + zip.readUInt16LE(at + 28);
    if (start > zip.length) break;
    const sizes = (zip.readUInt16LE(at + 6) & SIZES_FOLLOW) !== 0 ? findSizes(zip, start) : {
      crc: zip.readUInt32LE(at + 14),
      packed: zip.readUInt32LE(at + 18),
      size: zip.readUInt32LE(at + 22),
      more: 0,
    };
    const entry = Buffer.alloc(CENTRAL_LENGTH + nameLength);
    entry.write("PK\x01\x02", "latin1");
    // Version, flags, method and time stand in the same order as before the member.
    zip.copy(entry, 6, at + 4, at + 14);
    entry.writeUInt32LE(sizes.crc, 16);
    entry.writeUInt32LE(Math.min(sizes.packed, zip.length - start), 20);
    entry.writeUInt32LE(sizes.size, 24);
    entry.writeUInt16LE(nameLength, 28);
    entry.writeUInt32LE(at, 42);
    zip.copy(entry, CENTRAL_LENGTH, at + LOCAL_LENGTH, at + LOCAL_LENGTH + nameLength);
    entries.push(entry);
    at = start + sizes.packed + sizes.more;
  }
  if (entries.length === 0) return null;
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(END_LENGTH);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(zip.length, 16);
  return new Uint8Array(Buffer.concat([zip, directory, end]));
}

/** Sizes from the descriptor that tells its own distance from the data's start; all that is left where there is none. */
function findSizes(zip: Buffer, start: number): { crc: number; packed: number; size: number; more: number } {
  for (let at = zip.indexOf(DESCRIPTOR, start); at >= 0; at = zip.indexOf(DESCRIPTOR, at + 4)) {
    if (at + DESCRIPTOR_LENGTH > zip.length) break;
    const packed = zip.readUInt32LE(at + 8);
    if (packed !== at - start) continue;
    return {
      crc: zip.readUInt32LE(at + 4),
      packed,
      size: zip.readUInt32LE(at + 12),
      more: DESCRIPTOR_LENGTH,
    };
  }
  return { crc: 0, packed: zip.length - start, size: 0, more: 0 };
}
