import { z } from "zod";
import { KeyId, Sha256, SubmissionId, TaskId, Timestamp } from "../id/id.ts";
import { Tlp } from "../tlp/tlp.ts";

/** `bulk` waits for a full batch (100 samples or 60 s); `interactive` waits one second because someone looks. */
export const Lane = z.enum(["bulk", "interactive"]);
/** A queue lane. */
export type Lane = z.infer<typeof Lane>;

/**
 * What to do when the sample has been analysed before: `latest` answers with the existing report,
 * `changed` runs the modules whose version, definitions or options changed, `all` runs everything.
 */
export const Rescan = z.enum(["latest", "changed", "all"]);
/** What to do when the sample has been analysed before. */
export type Rescan = z.infer<typeof Rescan>;

/** The longest file name kept, in UTF-16 code units; longer ones are cut and marked with `…`. */
export const MAX_NAME_LENGTH = 1024;

/** A tag: up to 64 letters, digits and `-_.:/`, lower-cased. */
export const Tag = z.string().trim().toLowerCase().regex(/^[\p{L}\p{N}][\p{L}\p{N}\-_.:/ ]{0,63}$/u);

/** A module's name: lower-case letters, digits and dashes. */
export const ModuleName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** The `options` part of `POST /api/v1/submissions`; each is optional. */
export const SubmissionOptions = z.strictObject({
  rescan: Rescan.default("latest"),
  priority: Lane.default("bulk"),
  modules: z.array(ModuleName).max(100).optional(),
  preset: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/).optional(),
  tlp: Tlp.optional(),
  tags: z.array(Tag).max(50).default([]),
  metadata: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/), z.string().max(1024)).default({}),
  password: z.string().min(1).max(256).optional(),
});
/** The options of a submission after defaults. */
export type SubmissionOptions = z.infer<typeof SubmissionOptions>;

/** One submission as its readers see it. The archive password is never part of it. */
export const Submission = z.object({
  id: SubmissionId,
  owner: KeyId,
  ownerName: z.string(),
  tlp: Tlp,
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  priority: Lane,
  rescan: Rescan,
  modules: z.array(z.string()).nullable(),
  created: Timestamp,
});
/** One submission as its readers see it. */
export type Submission = z.infer<typeof Submission>;

/** A file of a submission once its bytes are in the sample store. */
export interface SubmittedFile {
  readonly sha256: Sha256;
  readonly size: number;
  /** The name as given, cut to {@link MAX_NAME_LENGTH}; hostile text. Null where none was given. */
  readonly name: string | null;
  /** The task whose analysis extracted it. */
  readonly parent?: { readonly taskId: TaskId; readonly sha256: Sha256 };
}
