import {
  type ClaimedTask,
  type KeyId,
  type Lane,
  type Rescan,
  type Sha256,
  type SubmissionId,
  type Task,
  type TaskId,
  type TaskStatus,
  type Timestamp,
  tlpOfRank,
  type VerdictLevel,
} from "@assay/core";
import type { Fragment, Sql } from "./connect.ts";

/** A task with what it takes from its submission and sample, as {@link taskColumns} selects it. */
export interface TaskRow {
  readonly id: TaskId;
  readonly submission_id: SubmissionId;
  readonly sha256: Sha256;
  readonly size: string;
  readonly name: string | null;
  readonly status: TaskStatus;
  readonly reason: string | null;
  readonly dead: boolean;
  readonly report_id: TaskId | null;
  readonly verdict: VerdictLevel | null;
  readonly score: number | null;
  readonly file_type: string | null;
  readonly parent_task_id: TaskId | null;
  readonly parent_sha256: Sha256 | null;
  readonly depth: number;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly lease_until: Date | null;
  readonly created: Date;
  readonly started: Date | null;
  readonly finished: Date | null;
  readonly priority: Lane;
  readonly rescan: Rescan;
  readonly owner: KeyId;
  readonly owner_name: string;
  readonly tlp: number;
  readonly tags: string[];
  readonly metadata: Record<string, string>;
  readonly modules: string[] | null;
  readonly password: string | null;
  readonly password_forgotten: boolean;
  readonly submitted: Date;
}

/** What every query of tasks selects, with tasks as `t`, submissions as `s` and samples as `m`. */
export function taskColumns(sql: Sql): Fragment {
  return sql`t.id, t.submission_id, t.sha256, m.size, t.name, t.status, t.reason, t.dead, t.report_id, t.verdict,
    t.score, t.file_type, t.parent_task_id, t.parent_sha256, t.depth, t.attempt, t.max_attempts, t.lease_until,
    t.created, t.started, t.finished, s.priority, s.rescan, s.owner, s.owner_name, s.tlp, s.tags, s.metadata,
    s.modules, s.password, s.password_forgotten, s.created as submitted`;
}

/** A row as the task that readers see. */
export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    submissionId: row.submission_id,
    sha256: row.sha256,
    size: Number(row.size),
    name: row.name,
    status: row.status,
    reason: row.reason,
    dead: row.dead,
    reportId: row.report_id,
    verdict: row.verdict,
    score: row.score,
    fileType: row.file_type,
    parentTaskId: row.parent_task_id,
    depth: row.depth,
    lane: row.priority,
    rescan: row.rescan,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    owner: row.owner,
    ownerName: row.owner_name,
    tlp: tlpOfRank(row.tlp),
    created: instant(row.created),
    started: row.started && instant(row.started),
    finished: row.finished && instant(row.finished),
  };
}

/** A row as the worker that has claimed it needs it. */
export function toClaimedTask(row: TaskRow): ClaimedTask {
  return {
    ...toTask(row),
    leaseUntil: instant(row.lease_until!),
    modules: row.modules,
    tags: row.tags,
    metadata: row.metadata,
    password: row.password,
    passwordForgotten: row.password_forgotten,
    submitted: instant(row.submitted),
    parentSha256: row.parent_sha256,
  };
}

/** An instant as RFC 3339 with milliseconds. */
export function instant(date: Date): Timestamp {
  return date.toISOString() as Timestamp;
}
