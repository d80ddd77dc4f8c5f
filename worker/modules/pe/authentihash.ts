import { createHash } from "node:crypto";
import type { Headers } from "./headers.ts";
import type { Reader } from "./reader.ts";

const CHECKSUM = 64;
const SECURITY = 4;

/**
 * SHA-256 of all that a signature covers: the file without checksum, place of the signature and signature (Microsoft,
 * "Windows Authenticode Portable Executable Signature Format"). Equal for a program signed, signed again and unsigned.
 */
export function authentihash(reader: Reader, headers: Headers): string {
  const optional = headers.peOffset + 24;
  const entry = optional + (headers.plus ? 112 : 96) + 8 * SECURITY;
  const security = headers.directories[SECURITY];
  const afterEntry = security ? entry + 8 : entry;
  const signed = security !== undefined && security.size > 0 && security.rva >= afterEntry &&
    security.rva + security.size <= reader.length;
  const end = signed ? security.rva : reader.length;
  const hash = createHash("sha256");
  const add = (from: number, to: number) => hash.update(reader.slice(from, to - from));
  add(0, optional + CHECKSUM);
  if (security) {
    add(optional + CHECKSUM + 4, entry);
    add(afterEntry, end);
  } else add(optional + CHECKSUM + 4, end);
  if (signed) add(security.rva + security.size, reader.length);
  return hash.digest("hex");
}
