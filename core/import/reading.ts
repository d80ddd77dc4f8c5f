import { z } from "zod";
import { Tlp } from "../tlp/tlp.ts";

/** Bounds of one import. */
export const IMPORT_LIMITS = {
  /** Of the file, in bytes. */
  bytes: 16 * 2 ** 20,
  /** Objects of a bundle. */
  objects: 20_000,
  /** Hashes that one import brings. */
  hashes: 100_000,
  /** Texts that one import brings. */
  texts: 5000,
  /** Of what was refused or not understood: those that are listed, the rest is counted. */
  listed: 200,
} as const;

/** What a partner's file may be: a STIX 2.1 bundle, a hash a line, a table with names of columns, or entries as `PUT /hashes` takes them. */
export const importFormats = ["stix", "text", "csv", "known"] as const;
/** What a partner's file may be. */
export type ImportFormat = (typeof importFormats)[number];

/** How a partner's file is read. */
export const ImportOptions = z.object({
  format: z.enum(importFormats),
  /** Of what carries no level of its own; what does is never taken at a lower one than it says. */
  tlp: Tlp,
  /** What hashes of lists are. */
  verdict: z.enum(["good", "bad"]),
});
/** How a partner's file is read. */
export type ImportOptions = z.infer<typeof ImportOptions>;

/** A hash that a partner calls good or bad. */
export const ImportedHash = z.object({
  algorithm: z.enum(["sha256", "sha1", "md5"]),
  value: z.string().regex(/^[0-9a-f]{32,64}$/),
  verdict: z.enum(["good", "bad"]),
  tlp: Tlp,
  note: z.string().max(1000).nullable(),
});
/** A hash that a partner calls good or bad. */
export type ImportedHash = z.infer<typeof ImportedHash>;

/** What a partner wrote about files. */
export const ImportedText = z.object({
  text: z.string().max(16_384),
  tlp: Tlp,
  /** Hashes of the files that it is about. */
  hashes: z.array(z.string().regex(/^[0-9a-f]{32,64}$/)).max(IMPORT_LIMITS.hashes),
});
/** What a partner wrote about files. */
export type ImportedText = z.infer<typeof ImportedText>;

/** Something of a file that was not taken, and why. */
export const ImportRemark = z.object({
  /** Id of an object, or a line, e.g. `line 12`. */
  where: z.string().max(300),
  why: z.string().max(500),
});
/** Something of a file that was not taken, and why. */
export type ImportRemark = z.infer<typeof ImportRemark>;

/** What was not taken: all of it is counted, the first of it listed. */
export const ImportRemarks = z.object({
  count: z.int().nonnegative(),
  first: z.array(ImportRemark).max(IMPORT_LIMITS.listed),
});
/** What was not taken. */
export type ImportRemarks = z.infer<typeof ImportRemarks>;

/** What a partner's file says. */
export const ImportReading = z.object({
  /** Objects, or lines that aren't empty. */
  objects: z.int().nonnegative(),
  hashes: z.array(ImportedHash).max(IMPORT_LIMITS.hashes),
  texts: z.array(ImportedText).max(IMPORT_LIMITS.texts),
  /** What is invalid. */
  refused: ImportRemarks,
  /** What is valid and says something that no hash can, or calls nothing bad. */
  notUnderstood: ImportRemarks,
});
/** What a partner's file says. */
export type ImportReading = z.infer<typeof ImportReading>;

/** Thrown where a partner's file as a whole can't be read; the message is for who sent it. */
export class UnreadableImportError extends Error {
  override readonly name = "UnreadableImportError";
}
