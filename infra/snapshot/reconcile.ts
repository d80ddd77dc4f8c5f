import type { Sha256, TaskId } from "@assay/core";
import type { IndexSnapshots } from "../elasticsearch/snapshots.ts";
import type { Sql } from "../postgres/connect.ts";
import { touchSamples } from "../postgres/enqueue.ts";
import type { Manifest } from "./manifest.ts";

/** What was made to agree. */
export interface Reconciled {
  /** Documents that the database does not know of. */
  readonly dropped: number;
  /** Complete tasks whose report is not there: failed now, in the dead-letter list. */
  readonly failed: number;
  /** Samples whose documents are built anew by the worker. */
  readonly touched: number;
}

const AT_ONCE = 2000;

/**
 * Makes indices and database agree that were kept a moment apart: what came in between is dropped, and nothing says that it has a
 * report which was deleted in between.
 */
export async function reconcile(
  sql: Sql,
  indices: IndexSnapshots,
  { changed, revision }: Pick<Manifest, "changed" | "revision">,
  signal: AbortSignal,
): Promise<Reconciled> {
  // Documents of later revisions than the database's own must not stand in the way of what is written from now on.
  await sql`
    select setval('sample_revision', greatest(${revision}::bigint, (select last_value from sample_revision)) + 1)`;
  let dropped = 0;
  for await (const ids of indices.ids(signal)) {
    const unknown = await unknownOf(sql, ids);
    await indices.drop(unknown);
    dropped += unknown.length;
  }
  const lost = await failLost(sql, indices, signal);
  const touched = [...new Set([...changed, ...lost.sha256s])];
  for (let at = 0; at < touched.length; at += 100) {
    await sql.begin((tx) => touchSamples(tx as unknown as Sql, touched.slice(at, at + 100)));
  }
  return { dropped, failed: lost.tasks, touched: touched.length };
}

/** Documents have the id of their task or of their sample. */
async function unknownOf(sql: Sql, ids: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from unnest(${[...ids]}::text[]) as x (id)
    where not exists (select from tasks t where t.id = x.id)
      and not exists (select from samples m where m.sha256 = x.id)`;
  return rows.map(({ id }) => id);
}

async function failLost(
  sql: Sql,
  indices: IndexSnapshots,
  signal: AbortSignal,
): Promise<{ tasks: number; sha256s: Sha256[] }> {
  const sha256s = new Set<Sha256>();
  let tasks = 0;
  for (let after = "";;) {
    signal.throwIfAborted();
    const rows = await sql<{ id: TaskId }[]>`
      select id from tasks where status = 'complete' and report_id = id and id > ${after} order by id limit ${AT_ONCE}`;
    if (rows.length === 0) return { tasks, sha256s: [...sha256s] };
    const missing = await indices.missing(rows.map(({ id }) => id));
    const failed = await sql<{ sha256: Sha256 }[]>`
      update tasks set status = 'failed', dead = true, report_id = null,
        reason = 'Its report was deleted while the snapshot was made'
      where report_id = any(${missing}) returning sha256`;
    tasks += failed.length;
    for (const { sha256 } of failed) sha256s.add(sha256);
    after = rows.at(-1)!.id;
  }
}
