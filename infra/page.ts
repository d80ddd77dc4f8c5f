/** A page asked for: how many and from where. Cursors are opaque, made by the repository that reads them. */
export interface PageRequest {
  readonly size: number;
  readonly cursor?: string | undefined;
}

/** A page given: `cursor` is null after the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

/** Thrown where a cursor was not made by this list. The API answers 400 `invalid-cursor`. */
export class CursorError extends Error {
  override readonly name = "CursorError";
}
