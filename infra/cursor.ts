import { createHash } from "node:crypto";
import { CursorError } from "./page.ts";

const MAX_LENGTH = 2000;

/** What a list was made of, in short: a cursor goes on in this list alone. */
export function listDigest(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}

/** A cursor that goes on behind an item that these values put in its place. */
export function writeListCursor(digest: string, after: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([digest, ...after])).toString("base64url");
}

/** The values of a cursor, which have the types of `like`. @throws {CursorError} where it wasn't made by this list */
export function readListCursor<const T extends readonly (string | number)[]>(
  cursor: string,
  digest: string,
  like: T,
): { [K in keyof T]: T[K] extends number ? number : string } {
  let value: unknown;
  try {
    if (cursor.length <= MAX_LENGTH) value = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    // What is not JSON is no cursor, as said below.
  }
  const [made, ...after] = Array.isArray(value) ? value : [];
  const fits = after.length === like.length && after.every((one, i) => typeof one === typeof like[i]);
  if (made !== digest || !fits) throw new CursorError("Cannot go on from cursor: it belongs to another list");
  return after as { [K in keyof T]: T[K] extends number ? number : string };
}
