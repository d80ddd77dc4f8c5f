import { CursorError, type Page, type PageRequest } from "../page.ts";

/** Cuts a list that was asked for with one row more than the page holds; the cursor is the last row's id. */
export function pageOf<T>(rows: readonly T[], size: number, idOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, size);
  const more = rows.length > size && items.length > 0;
  return { items, cursor: more ? encode(idOf(items.at(-1)!)) : null };
}

/** The id after which a page goes on; null for the first. @throws {CursorError} for a cursor that no list made */
export function after(page: PageRequest, pattern: RegExp): string | null {
  if (page.cursor === undefined || page.cursor === "") return null;
  const id = decode(page.cursor);
  if (id === null || !pattern.test(id)) {
    throw new CursorError("Cannot read cursor: expected one that this list gave");
  }
  return id;
}

/** Ids that are ULIDs. */
export const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
/** Ids that are numbers of PostgreSQL's bigint. */
export const NUMBER = /^\d{1,18}$/;

function encode(id: string): string {
  return new TextEncoder().encode(id).toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(cursor: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(cursor, { alphabet: "base64url" }));
  } catch {
    return null; // not base64url: no list made it
  }
}
