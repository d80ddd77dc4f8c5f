import { z } from "zod";
import { ImportId, JobId, KeyId, Timestamp } from "../id/id.ts";
import { Tlp } from "../tlp/tlp.ts";
import { importFormats, ImportRemarks } from "./reading.ts";

/** What an import brought, or would bring. */
export const ImportEffect = z.object({
  /** Objects, lines or entries of the file. */
  objects: z.int().nonnegative(),
  /** Hashes that are in the table by it, those that the source had told before among them. */
  hashes: z.int().nonnegative(),
  /** Of the hashes: those that the source had told before. */
  alreadyKnown: z.int().nonnegative(),
  /** Texts about files in the file. */
  texts: z.int().nonnegative(),
  /** Samples that are here, of which the file speaks. */
  samples: z.int().nonnegative(),
  /** Notes that samples got from the texts. */
  notes: z.int().nonnegative(),
  /** Notes that were left out: the key has too many on the sample, or the import brought too many. */
  notesLeftOut: z.int().nonnegative(),
  /** What is invalid, and so was left out. */
  refused: ImportRemarks,
  /** What is valid and says something that no hash can, or calls nothing bad. */
  notUnderstood: ImportRemarks,
});
/** What an import brought, or would bring. */
export type ImportEffect = z.infer<typeof ImportEffect>;

/** An import of what a partner sent. */
export const Import = ImportEffect.extend({
  id: ImportId,
  /** Who sent it. */
  source: z.string(),
  /** Of the file. */
  name: z.string().nullable(),
  format: z.enum(importFormats),
  /** The most restricted level of all that it brought. */
  tlp: Tlp,
  owner: KeyId,
  ownerName: z.string(),
  /** The job that judges its samples anew; null where none is here. */
  jobId: JobId.nullable(),
  created: Timestamp,
});
/** An import of what a partner sent. */
export type Import = z.infer<typeof Import>;
