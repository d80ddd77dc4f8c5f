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

/** A job that a worker has claimed, with where an earlier run of it was. */
export interface ClaimedJob extends Job {
  /** What the last run noted with its progress; null where there is none. */
  readonly checkpoint: unknown;
}

/** Runs of a job that ended with their worker, without a checkpoint in between, before it is failed. */
const MAX_CLAIMS = 5;

/** The one job table for all long work. */
export interface Jobs {
  create(kind: string, params: Record<string, unknown>, owner: KeyId | null): Promise<Job>;
  /** Takes the oldest pending job of these kinds, or one whose lease ran out. `worker` is a name that no other has. */
  claim(kinds: readonly string[], worker: string, lease: Milliseconds): Promise<ClaimedJob | null>;
  /**
   * Notes progress, and where to go on from if one is given, and extends the lease; false where it was cancelled or
   * lost: stop.
   */
  progress(
    id: JobId,
    worker: string,
    done: number,
    total: number | null,
    lease: Milliseconds,
    checkpoint?: unknown,
  ): Promise<boolean>;
  /** Gives a job back for another worker to go on with: graceful stop. */
  release(id: JobId, worker: string): Promise<void>;
  /** False where it was cancelled or lost: nothing is changed. */
  finish(
    id: JobId,
    worker: string,
    end: { result: Record<string, unknown> } | { error: string },
  ): Promise<boolean>;
  cancel(id: JobId): Promise<Job | null>;
  find(id: JobId): Promise<Job | null>;
  /** Newest first; of one owner, or all where that is null; of one kind where it is given. */
  list(page: PageRequest, owner: KeyId | null, kind?: string): Promise<Page<Job>>;
  /** How many jobs of a kind an owner has that are not over, or completed since then. */
  count(kind: string, owner: KeyId, since: Date): Promise<number>;
  /** Forgets a job; one that runs is lost to its process. False where there is none. */
  remove(id: JobId): Promise<boolean>;
  /** Calls back whenever a job may be waiting (LISTEN). */
  onWaiting(wake: () => void, signal: AbortSignal): Promise<void>;
}

interface JobRow {
  readonly id: JobId;
  readonly kind: string;
  readonly status: Job["status"];
  readonly done: string;
  readonly total: string | null;
  readonly params: Record<string, unknown>;
  readonly result: Record<string, unknown> | null;
  readonly checkpoint: unknown;
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
    create: (kind, params, owner) => createJob(pool, kind, params, owner),
    async claim(kinds, worker, lease) {
      await pool`
        update jobs set status = 'failed', finished = now(), lease_until = null,
          error = ${`Cannot finish: ${MAX_CLAIMS} runs ended with their workers`}
        where status = 'running' and lease_until < now() and claims >= ${MAX_CLAIMS}`;
      const [row] = await pool<JobRow[]>`
        update jobs set status = 'running', worker = ${worker}, lease_until = ${leaseFrom(lease)},
          started = coalesce(started, now()), claims = claims + 1
        where id = (
          select id from jobs
          where kind = any(${[
        ...kinds,
      ]}) and (status = 'pending' or (status = 'running' and lease_until < now()))
          order by id limit 1 for update skip locked)
        returning *`;
      return row ? { ...toJob(row), checkpoint: row.checkpoint } : null;
    },
    async progress(id, worker, done, total, lease, checkpoint) {
      const rows = await pool`
        update jobs set done = ${done}, total = ${total}, lease_until = ${leaseFrom(lease)} ${
        checkpoint === undefined
          ? pool``
          : pool`, claims = 1, checkpoint = ${pool.json(storableJson(checkpoint) as postgres.JSONValue)}`
      }
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
    async release(id, worker) {
      await pool`
        update jobs set status = 'pending', worker = null, lease_until = null, claims = claims - 1
        where id = ${id} and worker = ${worker} and status = 'running'`;
      await pool`select pg_notify('assay_jobs', '')`;
    },
    async cancel(id) {
      await pool`
        update jobs set status = 'cancelled', finished = now(), lease_until = null
        where id = ${id} and status in ('pending', 'running')`;
      return await find(id);
    },
    find,
    async onWaiting(wake, signal) {
      const { unlisten } = await pool.listen("assay_jobs", wake, wake);
      // The pool may have ended by then, and the listening with it.
      signal.addEventListener("abort", () => void unlisten().catch(() => {}), { once: true });
    },
    async list(page, owner, kind) {
      const last = after(page, ULID);
      const rows = await pool<JobRow[]>`
        select * from jobs where true ${owner === null ? pool`` : pool`and owner = ${owner}`}
          ${kind === undefined ? pool`` : pool`and kind = ${kind}`}
          ${last === null ? pool`` : pool`and id < ${last}`}
        order by id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toJob), page.size, ({ id }) => id);
    },
    async count(kind, owner, since) {
      const [row] = await pool<{ count: number }[]>`
        select count(*)::int as count from jobs where owner = ${owner} and kind = ${kind}
          and (finished is null or (status = 'complete' and finished > ${since}))`;
      return row!.count;
    },
    async remove(id) {
      return (await pool`delete from jobs where id = ${id} returning id`).length > 0;
    },
  };

  async function find(id: JobId): Promise<Job | null> {
    const [row] = await pool<JobRow[]>`select * from jobs where id = ${id}`;
    return row ? toJob(row) : null;
  }
}

/** Makes a job, inside the caller's transaction if there is one: runners hear of it at its end. */
export async function createJob(
  sql: Sql,
  kind: string,
  params: Record<string, unknown>,
  owner: KeyId | null,
): Promise<Job> {
  const [row] = await sql<JobRow[]>`insert into jobs ${
    sql({
      id: newId<JobId>(),
      kind,
      status: "pending",
      params: sql.json(storableJson(params) as postgres.JSONValue),
      owner,
    })
  } returning *`;
  await sql`select pg_notify('assay_jobs', '')`;
  return toJob(row!);
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
