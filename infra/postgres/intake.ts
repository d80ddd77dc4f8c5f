import type { Sha256, SubmissionId, SubmittedFile, TaskId, VerdictLevel, Visibility } from "@assay/core";
import { newId } from "@assay/core";
import type { Sql } from "./connect.ts";
import { enqueue, touchSamples } from "./enqueue.ts";
import { answers } from "./followers.ts";
import { lockSamples } from "./lock.ts";
import { storable } from "./storable.ts";
import { visible } from "./visibility.ts";

/** Files that become tasks of one submission. */
export interface Intake {
  readonly submissionId: SubmissionId;
  readonly files: readonly SubmittedFile[];
  readonly depth: number;
  readonly maxAttempts: number;
  /** Where the latest report may answer: what the submitter sees and the modules asked for; null where it may not. */
  readonly latest: { readonly visibility: Visibility; readonly modules: readonly string[] | null } | null;
}

interface Answer {
  readonly sha256: Sha256;
  readonly id: TaskId;
  readonly verdict: VerdictLevel | null;
  readonly score: number | null;
  readonly file_type: string | null;
}

/**
 * Makes a task for each file, inside the caller's transaction, in a handful of statements whatever their number. A task is
 * complete at once where a report answers it, waits where its sample has an unfinished task, and is queued otherwise.
 * Gives the ids in the order of the files.
 */
export async function takeIn(sql: Sql, intake: Intake): Promise<TaskId[]> {
  const { files } = intake;
  if (files.length === 0) return [];
  const sha256s = [...new Set(files.map((file) => file.sha256))].sort();
  const sizes = new Map(files.map((file) => [file.sha256, file.size]));
  await sql`
    insert into samples (sha256, size)
    select * from unnest(${sha256s}::text[], ${sha256s.map((sha256) => sizes.get(sha256)!)}::bigint[])
    on conflict (sha256) do update set bytes_removed = null where samples.bytes_removed is not null`;
  // Whoever decides about a sample holds its row, so that two submissions never both see it idle.
  await lockSamples(sql, sha256s);
  const found = intake.latest ? await findAnswers(sql, sha256s, intake.latest) : [];
  const latest = new Map(found.map((answer) => [answer.sha256, answer]));
  const active = await sql<{ sha256: Sha256; id: TaskId }[]>`
    select sha256, id from tasks
    where sha256 = any(${sha256s}) and status in ('pending', 'running') and waits_for is null`;
  const leaders = new Map(active.map(({ sha256, id }) => [sha256, id]));

  const queued: TaskId[] = [];
  const rows = files.map((file) => {
    const id = newId<TaskId>();
    const answer = latest.get(file.sha256);
    const leader = leaders.get(file.sha256) ?? null;
    if (!answer && leader === null) {
      leaders.set(file.sha256, id);
      queued.push(id);
    }
    return {
      id,
      submission_id: intake.submissionId,
      sha256: file.sha256,
      name: storable(file.name),
      status: answer ? "complete" : "pending",
      report_id: answer?.id ?? null,
      verdict: answer?.verdict ?? null,
      score: answer?.score ?? null,
      file_type: answer?.file_type ?? null,
      parent_task_id: file.parent?.taskId ?? null,
      parent_sha256: file.parent?.sha256 ?? null,
      depth: intake.depth,
      max_attempts: intake.maxAttempts,
      waits_for: answer ? null : leader,
      finished: answer ? new Date() : null,
    };
  });
  // PostgreSQL takes 65,535 parameters a statement.
  for (let at = 0; at < rows.length; at += 2000) {
    await sql`insert into tasks ${sql(rows.slice(at, at + 2000))}`;
  }
  await enqueue(sql, queued);
  await touchSamples(sql, [...latest.keys()]);
  return rows.map(({ id }) => id);
}

/** The newest report of each sample that the submitter may see and that has what is asked for. */
async function findAnswers(
  sql: Sql,
  sha256s: readonly Sha256[],
  { visibility, modules }: NonNullable<Intake["latest"]>,
): Promise<Answer[]> {
  return await sql<Answer[]>`
    select distinct on (t.sha256) t.sha256, t.id, t.verdict, t.score, t.file_type
    from tasks t join submissions s on s.id = t.submission_id
    where t.sha256 = any(${[...sha256s] as string[]}) and t.status = 'complete' and t.report_id = t.id
      and ${visible(sql, visibility)}
      and ${answers(sql, sql`t.id`, sql`s.modules`, sql`${modules && [...modules]}::text[]`)}
    order by t.sha256, t.id desc`;
}
