import { type Sha256, type Task, type TaskId, tlpOfRank, type Visibility } from "@assay/core";
import { createClaims } from "./claims.ts";
import type { Sql } from "./connect.ts";
import { enqueue, touchSamples } from "./enqueue.ts";
import { releaseFollowers } from "./followers.ts";
import { takeIn } from "./intake.ts";
import { lockSamples, lockTasks } from "./lock.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { noteRemoval } from "./removal.ts";
import type { Tasks } from "./repositories.ts";
import { readTasks } from "./submissions.ts";
import { createTaskCounts } from "./task_counts.ts";
import { taskColumns, type TaskRow, toTask } from "./task_row.ts";
import { visible } from "./visibility.ts";

/** What a task that is tried again says where it can't try the submission's archive password any more. */
const PASSWORD_FORGOTTEN =
  "Runs without the archive password, which was forgotten when the submission was over";

/** Undoes what was added for a task that another holds by now. */
class NotHeldError extends Error {
  override readonly name = "NotHeldError";
}

/** Tasks in PostgreSQL. */
export function createTasks(pool: Sql): Tasks {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  return {
    ...createClaims(pool),
    ...createTaskCounts(pool),

    find: (id, visibility) => findTask(pool, id, visibility),

    async list(filter, page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<TaskRow[]>`
        select ${taskColumns(pool)} from tasks t
        join submissions s on s.id = t.submission_id join samples m on m.sha256 = t.sha256
        where ${visible(pool, visibility)}
          ${filter.status === undefined ? pool`` : pool`and t.status = ${filter.status}`}
          ${filter.submissionId === undefined ? pool`` : pool`and t.submission_id = ${filter.submissionId}`}
          ${filter.sha256 === undefined ? pool`` : pool`and t.sha256 = ${filter.sha256}`}
          ${filter.dead === undefined ? pool`` : filter.dead ? pool`and t.dead` : pool`and not t.dead`}
          ${last === null ? pool`` : pool`and t.id < ${last}`}
        order by t.id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toTask), page.size, ({ id }) => id);
    },

    async addChildren(parent, files) {
      return await transaction(async (sql) => {
        const known = await sql<{ sha256: Sha256 }[]>`
          select sha256 from tasks where submission_id = ${parent.submissionId} and parent_sha256 = ${parent.sha256}`;
        const seen = new Set(known.map(({ sha256 }) => sha256));
        const fresh = files.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
        const latest = parent.rescan === "latest" && parent.password === null;
        const [key] = await sql<{ max_tlp: number }[]>`select max_tlp from keys where id = ${parent.owner}`;
        const ids = await takeIn(sql, {
          submissionId: parent.submissionId,
          files: fresh.map((file) => ({ ...file, parent: { taskId: parent.id, sha256: parent.sha256 } })),
          depth: parent.depth + 1,
          maxAttempts: parent.maxAttempts,
          latest: latest
            ? { visibility: visibilityOf(parent, key?.max_tlp ?? 0), modules: parent.modules }
            : null,
        });
        // Last, by the order of locks: whoever takes the task away waits for us, or has done so and nothing is added.
        const [held] = await sql`
          select from tasks where id = ${parent.id} and attempt = ${parent.attempt} and status = 'running'
            and not cancel_asked for no key update`;
        if (!held) throw new NotHeldError(`Cannot add children: task '${parent.id}' is not held any more`);
        return await readTasks(sql, ids);
      }).catch((error) => {
        if (error instanceof NotHeldError) return [];
        throw error;
      });
    },

    async cancel(id, visibility) {
      return await transaction(async (sql) => {
        const task = await findTask(sql, id, visibility);
        if (!task) return null;
        await lockTasks(sql, [id]);
        const ended = await sql`
          update tasks set status = 'cancelled', reason = 'Cancelled', finished = now(), waits_for = null
          where id = ${id} and status = 'pending' returning id`;
        if (ended.length > 0) await releaseFollowers(sql, [id]);
        else await sql`update tasks set cancel_asked = true where id = ${id} and status = 'running'`;
        return await findTask(sql, id, visibility);
      });
    },

    async retry(id, visibility) {
      return await transaction(async (sql) => {
        const task = await findTask(sql, id, visibility);
        if (!task || (task.status !== "failed" && task.status !== "cancelled")) return task;
        await lockSamples(sql, [task.sha256]);
        const [leader] = await sql<{ id: TaskId }[]>`
          select id from tasks
          where sha256 = ${task.sha256} and status in ('pending', 'running') and waits_for is null`;
        const again = await sql`
          update tasks set status = 'pending', attempt = attempt + 1, failures = 0, dead = false,
            reason = (select ${PASSWORD_FORGOTTEN}::text from submissions s where s.id = submission_id and s.password_forgotten),
            cancel_asked = false, started = null, finished = null, queued = now(), waits_for = ${
          leader?.id ?? null
        }
          where id = ${id} and status in ('failed', 'cancelled') returning id`;
        if (again.length > 0 && !leader) await enqueue(sql, [id]);
        return await findTask(sql, id, visibility);
      });
    },

    async remove(id, visibility) {
      return await transaction(async (sql) => {
        const task = await findTask(sql, id, visibility);
        if (!task) return "not-found";
        if (task.finished === null) return "not-final";
        await lockSamples(sql, [task.sha256]);
        const [user] = await sql`select from tasks where report_id = ${id} and id <> ${id} limit 1`;
        if (user) return "in-use";
        const [held] = await sql`select from legal_holds where sha256 = ${task.sha256}`;
        if (held) return "held";
        await sql`delete from tasks where id = ${id}`;
        if (task.reportId === id) {
          await sql`
            insert into taxii_withdrawn (report_id, sha256) values (${id}, ${task.sha256}) on conflict do nothing`;
        }
        await noteRemoval(sql, { reports: [id] });
        await touchSamples(sql, [task.sha256]);
        return "removed";
      });
    },
  };
}

async function findTask(sql: Sql, id: TaskId, visibility: Visibility): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`
    select ${taskColumns(sql)} from tasks t
    join submissions s on s.id = t.submission_id join samples m on m.sha256 = t.sha256
    where t.id = ${id} and ${visible(sql, visibility)}`;
  return row ? toTask(row) : null;
}

function visibilityOf(parent: Task, maxTlp: number): Visibility {
  return { reader: parent.owner, maxTlp: tlpOfRank(maxTlp) };
}
