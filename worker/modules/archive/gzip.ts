import { gunzipSync } from "node:zlib";
import type { Allowance } from "./limits.ts";
import type { Unpacked } from "./member.ts";

/** Flags of the header (RFC 1952). */
const FLAG = { extra: 4, name: 8 };

/** Unpacks a gzip file: one member, named as its header says. @throws {Error} where it is broken */
export function unpackGzip(bytes: Uint8Array, allowance: Allowance): Unpacked {
  const name = nameIn(bytes) ?? "content";
  const member = (size: number | null) =>
    ({ name, size, packed: bytes.length, encrypted: false, kind: "file", modified: null }) as const;
  const most = allowance.next();
  try {
    const data = new Uint8Array(gunzipSync(bytes, { maxOutputLength: most }));
    allowance.took(data.length);
    return {
      type: "gzip",
      members: [member(data.length)],
      files: [{ name, bytes: data }],
      opened: null,
      errors: [],
    };
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE")) {
      throw new Error(`Cannot unpack gzip: ${cause instanceof Error ? cause.message : cause}`);
    }
    allowance.refused();
    return { type: "gzip", members: [member(null)], files: [], opened: null, errors: [] };
  }
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
