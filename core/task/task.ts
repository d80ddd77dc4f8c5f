import { z } from "zod";
import { KeyId, SavedSearchId, Sha256, SubmissionId, TaskId, Timestamp } from "../id/id.ts";
import { Lane, Rescan } from "../submission/submission.ts";
import { Tlp } from "../tlp/tlp.ts";
import { VerdictLevel } from "../verdict/verdict.ts";

/** The states of a task; the last three are final. */
export const TaskStatus = z.enum(["pending", "running", "complete", "failed", "cancelled"]);
/** The state of a task. */
export type TaskStatus = z.infer<typeof TaskStatus>;

/** True where nothing more will happen to a task by itself. */
export function isFinal(status: TaskStatus): boolean {
  return status === "complete" || status === "failed" || status === "cancelled";
}

/** One scan of one sample, as its readers see it. */
export const Task = z.object({
  id: TaskId,
  submissionId: SubmissionId,
  sha256: Sha256,
  size: z.number().int().nonnegative(),
  name: z.string().nullable(),
  status: TaskStatus,
  /** Why it failed or was cancelled, or what its next try has to do without; null otherwise. */
  reason: z.string().nullable(),
  /** True where the last try is spent and the task waits in the dead-letter list for a replay. */
  dead: z.boolean(),
  /** Set once complete: the task's own id, or that of the earlier report that answers it. */
  reportId: TaskId.nullable(),
  /** The report's findings in short, so that a list of tasks needs no report; null until complete. */
  verdict: VerdictLevel.nullable(),
  score: z.number().min(0).max(100).nullable(),
  fileType: z.string().nullable(),
  parentTaskId: TaskId.nullable(),
  depth: z.number().int().nonnegative(),
  lane: Lane,
  rescan: Rescan,
  attempt: z.number().int().positive(),
  maxAttempts: z.number().int().positive(),
  owner: KeyId,
  ownerName: z.string(),
  tlp: Tlp,
  created: Timestamp,
  started: Timestamp.nullable(),
  finished: Timestamp.nullable(),
});
/** One scan of one sample. */
export type Task = z.infer<typeof Task>;

/** What a worker gets when it claims a task: all it needs to analyse the sample and write the report. */
export interface ClaimedTask extends Task {
  readonly leaseUntil: Timestamp;
  /** Modules asked for; null for the enabled set. */
  readonly modules: readonly string[] | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Archive password of the submission, if one was given. */
  readonly password: string | null;
  /** True where one was given and is forgotten, since the submission was over before this try. */
  readonly passwordForgotten: boolean;
  readonly submitted: Timestamp;
  readonly parentSha256: Sha256 | null;
}

/** What reaches a browser while tasks move: by server-sent events, through NATS subject `assay.progress.<taskId>`. */
export const TaskEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("task"),
    taskId: TaskId,
    submissionId: SubmissionId,
    status: TaskStatus,
    reason: z.string().nullable(),
    reportId: TaskId.nullable(),
    at: Timestamp,
  }),
  z.object({
    type: z.literal("module"),
    taskId: TaskId,
    submissionId: SubmissionId,
    module: z.string(),
    status: z.enum(["started", "ok", "nothing", "skipped", "error", "timeout", "cancelled"]),
    at: Timestamp,
  }),
  /** A hunt came upon the report of that task: for the hunt's owner alone. */
  z.object({
    type: z.literal("hunt.hit"),
    taskId: TaskId,
    searchId: SavedSearchId,
    owner: KeyId,
    sha256: Sha256,
    at: Timestamp,
  }),
]);
/** What reaches a browser while tasks move. */
export type TaskEvent = z.infer<typeof TaskEvent>;
