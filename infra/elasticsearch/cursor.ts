import { createHash } from "node:crypto";
import { CursorError } from "../page.ts";

type SortValue = string | number | boolean | null;

/** Where a search goes on: after which hit of which point in time, and what the first page said. */
export interface Place {
  /** Elasticsearch's id of the point in time. */
  readonly point: string;
  /** When the first page was asked for, so that `now-7d` means the same on every page. */
  readonly now: number;
  readonly total: { readonly value: number; readonly exact: boolean };
  /** Sort values of the last hit shown. */
  readonly after: readonly SortValue[];
}

/** The longest cursor read. A point in time is named by some 200 characters a shard. */
export const MAX_CURSOR_LENGTH = 16_384;

/**
 * Binds a cursor to the search that made it: query, scope, order and reader. It keeps apart what does not belong
 * together; what the reader may see is decided by his key on every page, whatever his cursor says.
 */
export function searchDigest(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}

/** A cursor that goes on there. */
export function writeCursor(digest: string, { point, now, total, after }: Place): string {
  return Buffer.from(JSON.stringify([digest, point, now, total.value, total.exact, ...after])).toString(
    "base64url",
  );
}

/** The place that a cursor names. @throws {CursorError} where it wasn't made by this search */
export function readCursor(cursor: string, digest: string, length: number): Place {
  const [made, point, now, value, exact, ...after] = parse(cursor);
  if (
    made !== digest || typeof point !== "string" || !/^[\w+/=-]{1,12000}$/.test(point) ||
    !Number.isSafeInteger(now) || !Number.isSafeInteger(value) || typeof exact !== "boolean" ||
    after.length !== length || !after.every(isSortValue)
  ) {
    throw new CursorError("Cannot go on from cursor: it belongs to another search or another key");
  }
  return { point, now: now as number, total: { value: value as number, exact }, after };
}

function parse(cursor: string): unknown[] {
  let value: unknown;
  try {
    if (cursor.length <= MAX_CURSOR_LENGTH) value = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    // What is not JSON is no cursor, as said below.
  }
  if (!Array.isArray(value)) throw new CursorError("Cannot go on from cursor: it was not made here");
  return value;
}

function isSortValue(value: unknown): value is SortValue {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
