import type { Sha256, TaskId } from "@assay/core";
import type { Sql } from "./connect.ts";

/** Subject of outbox rows that ask for samples' documents to be built again; the relay hands them to the projector. */
export const PROJECT = "project";

/** Writes one message a task into the outbox: its id and attempt, on the subject of its lane. */
export async function enqueue(sql: Sql, tasks: readonly TaskId[]): Promise<void> {
  if (tasks.length === 0) return;
  await sql`
    insert into outbox (subject, message_id, payload)
    select 'tasks.' || s.priority, t.id || ':' || t.attempt, jsonb_build_object('taskId', t.id, 'attempt', t.attempt)
    from tasks t join submissions s on s.id = t.submission_id
    where t.id = any(${[...tasks] as string[]}) order by t.id`;
  await wake(sql);
}

/** Notes that documents of these samples must change: a new revision each, and a message for the projector. */
export async function touchSamples(sql: Sql, sha256s: readonly Sha256[]): Promise<void> {
  const distinct = [...new Set(sha256s)].sort();
  if (distinct.length === 0) return;
  await sql`update samples set revision = nextval('sample_revision') where sha256 = any(${distinct})`;
  await sql`
    insert into outbox (subject, message_id, payload)
    values (${PROJECT}, ${crypto.randomUUID()}, ${sql.json({ sha256s: distinct })})`;
  await wake(sql);
}

/** Tells relays that rows are waiting; PostgreSQL sends it at the commit. */
export async function wake(sql: Sql): Promise<void> {
  await sql`select pg_notify('assay_outbox', '')`;
}
