import { Sha256, SubmissionId, SubmissionOptions, TaskId, TaskStatus } from "@assay/core";
import { z } from "@hono/zod-openapi";

/** Files of one submission by hash. */
const MAX_HASHES = 1000;

/** A JSON submission: samples that the key may already see, analysed again. */
export const KnownSamples = z.strictObject({
  hashes: z.array(Sha256).min(1).max(MAX_HASHES),
  options: SubmissionOptions.optional(),
}).openapi("KnownSamples");

/** The answer to a submission: a task for each file, in the order they were sent. */
export const Accepted = z.object({
  id: SubmissionId,
  tasks: z.array(z.object({
    id: TaskId,
    sha256: Sha256,
    size: z.int(),
    name: z.string().nullable(),
    status: TaskStatus,
    /** Set where an earlier report answers it at once. */
    reportId: TaskId.nullable(),
  })),
}).openapi("Accepted");
