import { type JobId, type KeyId, type Milliseconds, newId, type Timestamp } from "@assay/core";
import type postgres from "postgres";
import type { Page, PageRequest } from "../page.ts";
import type { Fragment, Sql } from "./connect.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { storable, storableJson } from "./storable.ts";
import { instant } from "./task_row.ts";

/** A long-running job as its reader sees it. */
export interface Job {
  readonly id: JobId;
  /** e.g. `reindex`. */
  readonly kind: string;
  readonly status: "pending" | "running" | "complete" | "failed" | "cancelled";
  readonly done: number;
  readonly total: number | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  readonly owner: KeyId | null;
  readonly created: Timestamp;
  readonly started: Timestamp | null;
  readonly finished: Timestamp | null;
}

/** The one job table for all later long work. */
export interface Jobs {
  create(kind: string, params: Record<string, unknown>, owner: KeyId | null): Promise<Job>;
  /** Takes the oldest pending job of these kinds, or one whose lease ran out. `worker` is a name that no other has. */
  claim(kinds: readonly string[], worker: string, lease: Milliseconds): Promise<Job | null>;
  /** Notes progress and extends the lease; false where it was cancelled or lost: stop. */
  progress(
    id: JobId,
    worker: string,
    done: number,
    total: number | null,
    lease: Milliseconds,
  ): Promise<boolean>;
  /** False where it was cancelled or lost: nothing is changed. */
  finish(
    id: JobId,
    worker: string,
    end: { result: Record<string, unknown> } | { error: string },
  ): Promise<boolean>;
  cancel(id: JobId): Promise<Job | null>;
  find(id: JobId): Promise<Job | null>;
  list(page: PageRequest): Promise<Page<Job>>;
}

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
