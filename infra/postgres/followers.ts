import type { Sha256, TaskId } from "@assay/core";
import type { Fragment, Sql } from "./connect.ts";
import { enqueue, touchSamples } from "./enqueue.ts";
import { touchParents } from "./parents.ts";

/**
 * Lets those go on that waited for tasks which have ended. A follower that asked for the latest report is answered by
 * the leader's, where it may be seen by the follower's key and has every module asked for; of the rest the first
 * is queued and the others wait for that one. Archive passwords that nobody needs any more are forgotten.
 */
export async function releaseFollowers(sql: Sql, ended: readonly TaskId[]): Promise<void> {
  if (ended.length === 0) return;
  const leaders: string[] = [...ended];
  const answered = await sql<{ id: TaskId; sha256: Sha256 }[]>`
    update tasks f set status = 'complete', waits_for = null, report_id = l.report_id, verdict = l.verdict,
      score = l.score, file_type = l.file_type, finished = now()
    from tasks l, submissions ls, submissions fs, keys k
    where f.waits_for = l.id and l.id = any(${leaders}) and l.status = 'complete' and l.report_id = l.id
      and ls.id = l.submission_id and fs.id = f.submission_id and k.id = fs.owner
      and fs.rescan = 'latest' and fs.password is null
      and (ls.tlp <= k.max_tlp or ls.owner = fs.owner)
      and ${answers(sql, sql`l.id`, sql`ls.modules`, sql`fs.modules`)}
    returning f.id, f.sha256`;
  const next = await sql<{ id: TaskId }[]>`
    with first as (
      select distinct on (waits_for) id, waits_for from tasks where waits_for = any(${leaders}) order by waits_for, id
    ), others as (
      update tasks t set waits_for = first.id from first where t.waits_for = first.waits_for and t.id <> first.id
    )
    update tasks t set waits_for = null, queued = now() from first where t.id = first.id returning t.id`;
  await enqueue(sql, next.map(({ id }) => id));
  await touchSamples(sql, answered.map(({ sha256 }) => sha256));
  await touchParents(sql, answered.map(({ id }) => id));
  // Locked first: of two who end its last tasks at the same time, the second must see what the first did.
  await sql`
    select from submissions
    where password is not null and id in (select submission_id from tasks where id = any(${leaders}))
    order by id for no key update`;
  await sql`
    update submissions s set password = null, password_forgotten = true
    where s.password is not null and s.id in (select submission_id from tasks where id = any(${leaders}))
      and not exists (select from tasks t where t.submission_id = s.id and t.status in ('pending', 'running'))`;
}

/** The condition that a report has what is asked for: the whole enabled set, or every module named. */
export function answers(
  sql: Sql,
  report: Fragment,
  ran: Fragment,
  asked: Fragment,
): Fragment {
  return sql`case when ${asked} is null then ${ran} is null else not exists (
    select from unnest(${asked}) as wanted (module)
    where not exists (select from module_runs r where r.task_id = ${report} and r.module = wanted.module)) end`;
}
