import { createHash } from "node:crypto";
import { CursorError } from "../page.ts";

type SortValue = string | number | boolean | null;

/** Binds a cursor to the search that made it. */
export function searchDigest(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}

/** A cursor that goes on after the hit with these sort values. */
export function writeCursor(digest: string, after: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([digest, ...after])).toString("base64url");
}

/** The sort values of a cursor. @throws {CursorError} where it wasn't made by this search */
export function readCursor(cursor: string, digest: string, length: number): SortValue[] {
  const [made, ...after] = parse(cursor);
  if (made !== digest || after.length !== length || !after.every(isSortValue)) {
    throw new CursorError("Cannot go on from cursor: it belongs to another search");
  }
  return after;
}

function parse(cursor: string): unknown[] {
  let value: unknown;
  try {
    if (cursor.length <= 2000) value = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    // What is not JSON is no cursor, as said below.
  }
  if (!Array.isArray(value)) throw new CursorError("Cannot go on from cursor: it was not made here");
  return value;
}

function isSortValue(value: unknown): value is SortValue {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
