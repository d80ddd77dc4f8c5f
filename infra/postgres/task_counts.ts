import { TaskStatus, type Visibility } from "@assay/core";
import type { Sql } from "./connect.ts";
import type { Tasks } from "./repositories.ts";
import { visible } from "./visibility.ts";

/** Rows from which differences are worth being summed up. */
const MANY = 1000;

/** How many tasks are in which state; the trigger `count_tasks` keeps the table. */
export function createTaskCounts(pool: Sql): Pick<Tasks, "count" | "foldCounts"> {
  return {
    async count(visibility: Visibility) {
      const rows = await pool<{ status: TaskStatus; count: number; dead: number }[]>`
        select s.status, sum(s.count)::float8 as count, coalesce(sum(s.count) filter (where s.dead), 0)::float8 as dead
        from task_counts s where ${visible(pool, visibility)} group by s.status`;
      const none = Object.fromEntries(TaskStatus.options.map((status) => [status, 0]));
      const counts = Object.fromEntries(rows.map(({ status, count }) => [status, count]));
      return { ...none, ...counts, dead: rows.reduce((sum, { dead }) => sum + dead, 0) } as Awaited<
        ReturnType<Tasks["count"]>
      >;
    },

    async foldCounts() {
      await pool`
        with differences as (
          select ctid from task_counts
          where (select count(*) from task_counts) > ${MANY} for update skip locked
        ), gone as (
          delete from task_counts c using differences d where c.ctid = d.ctid returning c.*
        )
        insert into task_counts (owner, tlp, status, dead, count)
        select owner, tlp, status, dead, sum(count) from gone group by owner, tlp, status, dead having sum(count) <> 0`;
    },
  };
}
