import type { JudgedChild, Sha256, SubmissionId, TaskId, VerdictLevel } from "@assay/core";
import type { Sql } from "./connect.ts";
import { touchSamples, wake } from "./enqueue.ts";
import { lockTasks } from "./lock.ts";

/** Subject of outbox rows that name tasks whose reports must say what their children are; the relay has them judged again. */
export const JUDGE = "judge";

/** Children that a verdict hears of. */
const MOST_CHILDREN = 100;

/** A complete task with what was found inside its sample. */
export interface ParentTask {
  readonly taskId: TaskId;
  readonly submissionId: SubmissionId;
  /** Taken for the report that will say so: of two, the later knows at least as much. */
  readonly revision: number;
  /** Those that something speaks against, the worst first. */
  readonly children: readonly JudgedChild[];
}

/** Tasks whose reports are judged again: by what their samples hold, and by what is known of them. */
export interface Parents {
  /** Those of these tasks that are complete by their own report, each with its next revision. */
  take(ids: readonly TaskId[]): Promise<ParentTask[]>;
  /** Notes the verdict of that revision's report, unless a later one was taken; parents of the parent hear of it. */
  judged(parent: ParentTask, verdict: VerdictLevel, score: number): Promise<void>;
  /** The tasks whose reports are these samples' newest, one a level, so that no reader is left with an older judgement. */
  newest(sha256s: readonly Sha256[]): Promise<TaskId[]>;
}

/** Parents in PostgreSQL. */
export function createParents(pool: Sql): Parents {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  return {
    async take(ids) {
      return await transaction(async (sql) => {
        // A parent that is just being completed is waited for: it may not have seen the child that names it.
        await lockTasks(sql, ids);
        const taken = await sql<(Omit<ParentTask, "children"> & { sha256: Sha256 })[]>`
          update tasks set revision = revision + 1
          where id = any(${[...ids] as string[]}) and status = 'complete' and report_id = id
          returning id as "taskId", submission_id as "submissionId", revision, sha256`;
        return await Promise.all(taken.map(async ({ sha256, ...parent }) => ({
          ...parent,
          children: await sql<JudgedChild[]>`
            select distinct on (verdict, sha256) sha256, name, verdict from tasks
            where submission_id = ${parent.submissionId} and parent_sha256 = ${sha256} and sha256 <> ${sha256}
              and status = 'complete' and verdict in ('malicious', 'suspicious')
            order by verdict, sha256, id limit ${MOST_CHILDREN}`,
        })));
      });
    },

    async judged({ taskId, revision }, verdict, score) {
      await transaction(async (sql) => {
        await lockTasks(sql, [taskId]);
        const [task] = await sql<{ sha256: Sha256 }[]>`
          select sha256 from tasks where id = ${taskId} and status = 'complete' and revision = ${revision}`;
        if (!task) return;
        const changed = await sql<{ id: TaskId }[]>`
          update tasks set verdict = ${verdict}, score = ${score}
          where report_id = ${taskId} and sha256 = ${task.sha256}
            and (verdict <> ${verdict} or score <> ${score}::real) returning id`;
        await touchSamples(sql, [task.sha256]);
        await touchParents(sql, changed.map(({ id }) => id), { better: true });
      });
    },

    async newest(sha256s) {
      const rows = await pool<{ id: TaskId }[]>`
        select distinct on (t.sha256, s.tlp) t.id from tasks t join submissions s on s.id = t.submission_id
        where t.sha256 = any(${[...sha256s] as string[]}) and t.status = 'complete' and t.report_id = t.id
        order by t.sha256, s.tlp, t.id desc`;
      return rows.map(({ id }) => id);
    },
  };
}

/**
 * Notes that parents must be judged again: those of these ended tasks that something speaks against, and these themselves
 * where something speaks against a child of theirs. `better`: also where nothing speaks against the task any more.
 */
export async function touchParents(
  sql: Sql,
  ended: readonly TaskId[],
  { better }: { better: boolean } = { better: false },
): Promise<void> {
  if (ended.length === 0) return;
  const ids = [...ended] as string[];
  const parents = await sql<{ id: TaskId }[]>`
    select p.id from tasks c join tasks p on p.submission_id = c.submission_id and p.sha256 = c.parent_sha256
    where c.id = any(${ids}) and c.status = 'complete' and (${better} or c.verdict in ('malicious', 'suspicious'))
    union
    select p.id from tasks p
    where p.id = any(${ids}) and p.status = 'complete' and p.report_id = p.id and exists (
      select from tasks c where c.submission_id = p.submission_id and c.parent_sha256 = p.sha256
        and c.status = 'complete' and c.verdict in ('malicious', 'suspicious'))`;
  if (parents.length === 0) return;
  await sql`
    insert into outbox (subject, message_id, payload)
    values (${JUDGE}, ${crypto.randomUUID()}, ${sql.json({ taskIds: parents.map(({ id }) => id) })})`;
  await wake(sql);
}
