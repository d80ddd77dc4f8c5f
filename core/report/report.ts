import { z } from "zod";
import { KeyId, Sha256, SubmissionId, TaskId, Timestamp } from "../id/id.ts";
import { ModuleRun } from "../module/module.ts";
import { Tlp } from "../tlp/tlp.ts";
import { Verdict } from "../verdict/verdict.ts";

/** Moves when the shape of a report changes in a way that a reader can notice. */
export const REPORT_SCHEMA_VERSION = 1;

/** Digests of the whole sample, each where it could be made (TLSH needs enough varied bytes). */
export const Digests = z.object({
  md5: z.string().optional(),
  sha1: z.string().optional(),
  sha256: Sha256,
  sha512: z.string().optional(),
  ssdeep: z.string().optional(),
  tlsh: z.string().optional(),
});

/** All content of one scan of one sample. */
export const Report = z.object({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  /** The id of the task that made it. */
  id: TaskId,
  /** 1 for the batch stage; each later result makes the next. */
  revision: z.number().int().positive(),
  submissionId: SubmissionId,
  sha256: Sha256,
  size: z.number().int().nonnegative(),
  name: z.string().nullable(),
  /** Short name of the format, e.g. `pe`, `elf`, `zip`, `pdf`; `empty` and `unknown` too. */
  fileType: z.string().max(40),
  /** IANA media type. */
  mime: z.string().max(200),
  /** What libmagic says. */
  magic: z.string().max(1000).nullable(),
  digests: Digests,
  tlp: Tlp,
  owner: KeyId,
  submitter: z.string(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  submitted: Timestamp,
  started: Timestamp,
  finished: Timestamp,
  parent: z.object({ sha256: Sha256, taskId: TaskId }).nullable(),
  children: z.array(z.object({ sha256: Sha256, name: z.string(), size: z.number().int().nonnegative() })),
  verdict: Verdict,
  modules: z.array(ModuleRun),
  /** What limits left out, in words, e.g. `strings: 2,000 of 41,233 kept`. */
  limits: z.array(z.string()),
});
/** All content of one scan of one sample. */
export type Report = z.infer<typeof Report>;
