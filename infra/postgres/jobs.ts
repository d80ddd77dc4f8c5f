import { type JobId, type KeyId, newId } from "@assay/core";
import type postgres from "postgres";
import type { Fragment, Sql } from "./connect.ts";
import { after, pageOf, ULID } from "./paging.ts";
import type { Job, Jobs } from "./repositories.ts";
import { storable, storableJson } from "./storable.ts";
import { instant } from "./task_row.ts";

interface JobRow {
  readonly id: JobId;
  readonly kind: string;
  readonly status: Job["status"];
  readonly done: string;
  readonly total: string | null;
  readonly params: Record<string, unknown>;
  readonly result: Record<string, unknown> | null;
  readonly error: string | null;
  readonly owner: KeyId | null;
  readonly created: Date;
  readonly started: Date | null;
  readonly finished: Date | null;
}

/** The job table in PostgreSQL. */
export function createJobs(pool: Sql): Jobs {
  const leaseFrom = (lease: number): Fragment => pool`now() + ${lease} * interval '1 millisecond'`;
  return {
    async create(kind, params, owner) {
      const [row] = await pool<JobRow[]>`insert into jobs ${
        pool({
          id: newId<JobId>(),
          kind,
          status: "pending",
          params: pool.json(storableJson(params) as postgres.JSONValue),
          owner,
        })
      } returning *`;
      return toJob(row!);
    },
    async claim(kinds, worker, lease) {
      const [row] = await pool<JobRow[]>`
        update jobs set status = 'running', worker = ${worker}, lease_until = ${leaseFrom(lease)},
          started = coalesce(started, now())
        where id = (
          select id from jobs
          where kind = any(${[
        ...kinds,
      ]}) and (status = 'pending' or (status = 'running' and lease_until < now()))
          order by id limit 1 for update skip locked)
        returning *`;
      return row ? toJob(row) : null;
    },
    async progress(id, worker, done, total, lease) {
      const rows = await pool`
        update jobs set done = ${done}, total = ${total}, lease_until = ${leaseFrom(lease)}
        where id = ${id} and worker = ${worker} and status = 'running' returning id`;
      return rows.length > 0;
    },
    async finish(id, worker, end) {
      const failed = "error" in end;
      const rows = await pool`
        update jobs set status = ${failed ? "failed" : "complete"}, finished = now(), lease_until = null,
          error = ${failed ? storable(end.error) : null}, result = ${
        failed ? null : pool.json(storableJson(end.result) as postgres.JSONValue)
      }
        where id = ${id} and worker = ${worker} and status = 'running' returning id`;
      return rows.length > 0;
    },
    async cancel(id) {
      await pool`
        update jobs set status = 'cancelled', finished = now(), lease_until = null
        where id = ${id} and status in ('pending', 'running')`;
      return await find(id);
    },
    find,
    async list(page) {
      const last = after(page, ULID);
      const rows = await pool<JobRow[]>`
        select * from jobs ${last === null ? pool`` : pool`where id < ${last}`}
        order by id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toJob), page.size, ({ id }) => id);
    },
  };

  async function find(id: JobId): Promise<Job | null> {
    const [row] = await pool<JobRow[]>`select * from jobs where id = ${id}`;
    return row ? toJob(row) : null;
  }
}

function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    done: Number(row.done),
    total: row.total === null ? null : Number(row.total),
    params: row.params,
    result: row.result,
    error: row.error,
    owner: row.owner,
    created: instant(row.created),
    started: row.started && instant(row.started),
    finished: row.finished && instant(row.finished),
  };
}
