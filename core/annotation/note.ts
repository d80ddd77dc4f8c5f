import { z } from "zod";
import { KeyId, NoteId, Sha256, Timestamp } from "../id/id.ts";
import { Tlp } from "../tlp/tlp.ts";

/** The longest note, in bytes of UTF-8. */
export const MAX_NOTE_BYTES = 16_384;

/** Text of a note: hostile like all text, shown as text and never as markup. */
export const NoteText = z.string().max(MAX_NOTE_BYTES)
  .refine((text) => text.trim() !== "", "Expected some text")
  .refine((text) => !text.includes("\0"), "Expected text without U+0000")
  .refine(
    (text) => new TextEncoder().encode(text).length <= MAX_NOTE_BYTES,
    `Expected at most ${MAX_NOTE_BYTES} bytes`,
  );

/** What an analyst wrote about a sample. It has a TLP level and an owner of its own. */
export const Note = z.object({
  id: NoteId,
  sha256: Sha256,
  text: z.string(),
  tlp: Tlp,
  owner: KeyId,
  /** Name of the key that wrote it. */
  author: z.string(),
  /** 1 for the first; each edit makes the next. */
  version: z.int().positive(),
  created: Timestamp,
  /** When it was last edited; null where it never was. */
  edited: Timestamp.nullable(),
});
/** What an analyst wrote about a sample. */
export type Note = z.infer<typeof Note>;

/** A note as it was once. */
export const NoteVersion = z.object({
  version: z.int().positive(),
  /** Null where this version is the note's deletion. */
  text: z.string().nullable(),
  tlp: Tlp,
  /** Name of the key that wrote or deleted it. */
  editor: z.string(),
  at: Timestamp,
});
/** A note as it was once. */
export type NoteVersion = z.infer<typeof NoteVersion>;
