/** A member as the archive lists it; its name is hostile text, never a path. */
export interface Member {
  readonly name: string;
  /** As the archive says; it may lie. Null where it says nothing. */
  readonly size: number | null;
  readonly packed: number | null;
  readonly encrypted: boolean;
  readonly kind: "file" | "folder" | "link";
  /** RFC 3339; null where it says nothing that is a time. */
  readonly modified: string | null;
}

/** What came out of an archive. */
export interface Unpacked {
  readonly type: string;
  readonly members: readonly Member[];
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Which password opened it: `the submission's`, or the place in the list; null where none was needed or fitted. */
  readonly opened: string | null;
  /** Members that could not be read, with why. */
  readonly errors: readonly string[];
}

/** Members listed at most. */
export const MOST_LISTED = 2000;
/** Errors told at most. */
export const MOST_ERRORS = 20;

/** How a password is named in a report: never by itself. */
export function nameOfPassword(place: number): string {
  return place === 0
    ? "the first password (the submission's, where it has one)"
    : `password ${place + 1} of the list`;
}
