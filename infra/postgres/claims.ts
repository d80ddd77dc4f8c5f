import type { Lane, Milliseconds, Sha256, TaskId } from "@assay/core";
import type { Fragment, Sql } from "./connect.ts";
import { enqueue, touchSamples } from "./enqueue.ts";
import { releaseFollowers } from "./followers.ts";
import { lockTasks } from "./lock.ts";
import { touchParents } from "./parents.ts";
import type { Completion, Hold, Tasks } from "./repositories.ts";
import { storable } from "./storable.ts";
import { taskColumns, type TaskRow, toClaimedTask } from "./task_row.ts";

/** What a worker does with tasks: every change checks that the attempt is still held. */
export type Claims = Pick<
  Tasks,
  "claim" | "extend" | "complete" | "fail" | "release" | "sweep" | "requeueStranded"
>;

/** Claims on tasks in PostgreSQL. */
export function createClaims(pool: Sql): Claims {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  return {
    async claim(holds, worker, lease) {
      if (holds.length === 0) return [];
      // In order, so that two workers which were given the same messages don't wait for each other.
      const rows = await pool<TaskRow[]>`
        with mine as (
          select t.id from tasks t join ${held(pool, holds)} on ${isHeld(pool)}
          where t.status = 'pending' and t.waits_for is null order by t.id for no key update of t
        )
        update tasks t set status = 'running', worker = ${worker}, started = now(), lease_until = ${
        inMs(pool, lease)
      }
        from mine, submissions s, samples m
        where t.id = mine.id and s.id = t.submission_id and m.sha256 = t.sha256
        returning ${taskColumns(pool)}`;
      return rows.map(toClaimedTask);
    },

    async extend(holds, lease) {
      if (holds.length === 0) return [];
      await transaction((sql) => endCancelled(sql, holds));
      const rows = await pool<Hold[]>`
        with mine as (
          select t.id from tasks t join ${held(pool, holds)} on ${isHeld(pool)}
          where t.status = 'running' order by t.id for no key update of t
        )
        update tasks t set lease_until = ${inMs(pool, lease)} from mine
        where t.id = mine.id returning t.id as "taskId", t.attempt`;
      return [...rows];
    },

    async complete(ends) {
      if (ends.length === 0) return [];
      return await transaction(async (sql) => {
        const holds = ends.map(({ hold }) => hold);
        await lockTasks(sql, holds.map(({ taskId }) => taskId));
        await endCancelled(sql, holds);
        const done = await markComplete(sql, ends);
        const ids = new Set(done.map(({ taskId }) => taskId));
        await writeRuns(sql, ends.filter(({ hold }) => ids.has(hold.taskId)));
        await touchSamples(sql, done.map(({ sha256 }) => sha256));
        await releaseFollowers(sql, [...ids]);
        await touchParents(sql, [...ids]);
        return done.map(({ taskId, attempt }) => ({ taskId, attempt }));
      });
    },

    async fail(hold, reason, final) {
      return await transaction(async (sql) => {
        await lockTasks(sql, [hold.taskId]);
        if (await endCancelled(sql, [hold]) > 0) return "lost";
        const [row] = await countFailures(sql, [hold], reason, final);
        return row?.status ?? "lost";
      });
    },

    async release(holds) {
      if (holds.length === 0) return;
      await transaction(async (sql) => {
        await lockTasks(sql, holds.map(({ taskId }) => taskId));
        await endCancelled(sql, holds);
        const back = await sql<{ id: TaskId }[]>`
          update tasks t set status = 'pending', attempt = t.attempt + 1, worker = null, lease_until = null, queued = now()
          from ${held(sql, holds)} where ${isHeld(sql)} and t.status = 'running' returning t.id`;
        await enqueue(sql, back.map(({ id }) => id));
      });
    },

    async sweep() {
      return await transaction(async (sql) => {
        const over =
          sql`select id as "taskId", attempt from tasks where status = 'running' and lease_until < now()`;
        await lockTasks(sql, (await sql<Hold[]>`${over}`).map(({ taskId }) => taskId));
        // Some may have been extended or ended meanwhile.
        const lost = await sql<Hold[]>`${over}`;
        const cancelled = await endCancelled(sql, lost);
        const reason = "The worker stopped without an end: its lease ran out";
        return cancelled + (await countFailures(sql, lost, reason, false)).length;
      });
    },

    async requeueStranded(lane: Lane, age: Milliseconds) {
      return await transaction(async (sql) => {
        const rows = await sql<{ id: TaskId }[]>`
          with stranded as (
            select t.id from tasks t join submissions s on s.id = t.submission_id
            where s.priority = ${lane} and t.status = 'pending' and t.waits_for is null
              and t.queued < now() - ${age} * interval '1 millisecond'
              and not exists (select from outbox o where o.message_id = t.id || ':' || t.attempt)
            order by t.id for no key update of t skip locked
          )
          update tasks t set attempt = t.attempt + 1, queued = now() from stranded where t.id = stranded.id
          returning t.id`;
        await enqueue(sql, rows.map(({ id }) => id));
        return rows.length;
      });
    },
  };
}

/** The holds as a table `h`. */
function held(sql: Sql, holds: readonly Hold[]): Fragment {
  return sql`unnest(${holds.map((h) => h.taskId)}::text[], ${
    holds.map((h) => h.attempt)
  }::int[]) as h (id, attempt)`;
}

function isHeld(sql: Sql): Fragment {
  return sql`t.id = h.id and t.attempt = h.attempt`;
}

function inMs(sql: Sql, milliseconds: Milliseconds): Fragment {
  return sql`now() + ${milliseconds} * interval '1 millisecond'`;
}

/** Ends those that somebody has cancelled while they ran; gives how many. */
async function endCancelled(sql: Sql, holds: readonly Hold[]): Promise<number> {
  const asked = await sql<{ id: TaskId }[]>`
    select t.id from tasks t join ${held(sql, holds)} on ${
    isHeld(sql)
  } where t.status = 'running' and t.cancel_asked`;
  if (asked.length === 0) return 0;
  await lockTasks(sql, asked.map(({ id }) => id));
  const ended = await sql<{ id: TaskId }[]>`
    update tasks t set status = 'cancelled', reason = 'Cancelled', finished = now(), worker = null, lease_until = null
    from ${held(sql, holds)} where ${isHeld(sql)} and t.status = 'running' and t.cancel_asked returning t.id`;
  await releaseFollowers(sql, ended.map(({ id }) => id));
  return ended.length;
}

/** Counts a failed try of those still running: queued again while tries are left, else dead-lettered. */
async function countFailures(
  sql: Sql,
  holds: readonly Hold[],
  reason: string,
  final: boolean,
): Promise<{ id: TaskId; status: "pending" | "failed" }[]> {
  const over = sql`(${final} or t.failures + 1 >= t.max_attempts)`;
  const rows = await sql<{ id: TaskId; status: "pending" | "failed" }[]>`
    update tasks t set failures = t.failures + 1, worker = null, lease_until = null, queued = now(),
      reason = ${storable(reason.slice(0, 2000))},
      status = case when ${over} then 'failed' else 'pending' end,
      dead = ${over},
      finished = case when ${over} then now() end,
      attempt = case when ${over} then t.attempt else t.attempt + 1 end
    from ${held(sql, holds)} where ${isHeld(sql)} and t.status = 'running' returning t.id, t.status`;
  await enqueue(sql, rows.filter(({ status }) => status === "pending").map(({ id }) => id));
  await releaseFollowers(sql, rows.filter(({ status }) => status === "failed").map(({ id }) => id));
  return rows;
}

async function markComplete(
  sql: Sql,
  ends: readonly Completion[],
): Promise<(Hold & { sha256: Sha256 })[]> {
  return await sql<(Hold & { sha256: Sha256 })[]>`
    update tasks t set status = 'complete', report_id = t.id, revision = e.revision, verdict = e.verdict,
      score = e.score, file_type = e.file_type, reason = null, finished = now(), worker = null, lease_until = null
    from unnest(${ends.map(({ hold }) => hold.taskId)}::text[], ${
    ends.map(({ hold }) => hold.attempt)
  }::int[],
      ${ends.map((e) => e.revision)}::int[], ${ends.map((e) => e.verdict)}::text[],
      ${ends.map((e) => e.score)}::real[], ${ends.map((e) => storable(e.fileType))}::text[])
      as e (id, attempt, revision, verdict, score, file_type)
    where t.id = e.id and t.attempt = e.attempt and t.status = 'running' and not t.cancel_asked
    returning t.id as "taskId", t.attempt, t.sha256`;
}

async function writeRuns(sql: Sql, ends: readonly Completion[]): Promise<void> {
  const rows = ends.flatMap(({ hold, runs }) => runs.map((run) => ({ taskId: hold.taskId, ...run })));
  await sql`delete from module_runs where task_id = any(${ends.map(({ hold }) => hold.taskId as string)})`;
  if (rows.length === 0) return;
  await sql`
    insert into module_runs (task_id, module, status, reason, version, duration_ms, cached)
    select * from unnest(${rows.map((r) => r.taskId)}::text[], ${rows.map((r) => storable(r.module))}::text[],
      ${rows.map((r) => r.status)}::text[], ${rows.map((r) => storable(r.reason))}::text[], ${
    rows.map((r) => storable(r.version))
  }::text[],
      ${rows.map((r) => r.durationMs)}::real[], ${rows.map((r) => String(r.cached))}::text[]::bool[])`;
}
