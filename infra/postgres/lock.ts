import type { Sha256, TaskId } from "@assay/core";
import type { Sql } from "./connect.ts";

/*
 * Whoever queues or ends tasks locks their samples first, then the tasks, then their submissions, each in order: so nobody
 * decides about a sample by what another is just changing, and no two wait for each other. A claim locks tasks only.
 */

/** Locks samples until the transaction ends. */
export async function lockSamples(sql: Sql, sha256s: readonly Sha256[]): Promise<void> {
  await sql`
    select from samples where sha256 = any(${[...sha256s] as string[]}) order by sha256 for no key update`;
}

/** Locks tasks and their samples until the transaction ends. */
export async function lockTasks(sql: Sql, ids: readonly TaskId[]): Promise<void> {
  const tasks = [...ids] as string[];
  await sql`
    select from samples where sha256 in (select sha256 from tasks where id = any(${tasks}))
    order by sha256 for no key update`;
  await sql`select from tasks where id = any(${tasks}) order by id for no key update`;
}
