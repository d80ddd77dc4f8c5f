import { Sha256, SubmissionId, TaskId, Timestamp, Tlp, Verdict } from "@assay/core";
import { z } from "@hono/zod-openapi";

/** What a key may know of a sample: only of the submissions that it sees. */
export const SampleSummary = z.object({
  sha256: Sha256,
  size: z.int(),
  firstSeen: Timestamp,
  /** Names of the visible submissions. */
  names: z.array(z.string()),
  tags: z.array(z.string()),
  fileType: z.string().nullable(),
  mime: z.string().nullable(),
  magic: z.string().nullable(),
  verdict: Verdict.nullable(),
  /** The newest report that the key may see; null where there is none yet. */
  reportId: TaskId.nullable(),
  /** Entries of the list of known hashes that match it. */
  known: z.array(
    z.object({ verdict: z.enum(["good", "bad"]), source: z.string(), note: z.string().nullable() }),
  ),
  submissions: z.array(z.object({
    submissionId: SubmissionId,
    taskId: TaskId,
    reportId: TaskId,
    tlp: Tlp,
    submitter: z.string(),
    name: z.string().nullable(),
    seen: Timestamp,
  })),
}).openapi("SampleSummary");
