import type { Sha256, TaskId } from "@assay/core";
import type { Fragment, Sql } from "./connect.ts";

/** Subject of outbox rows that ask for documents and bytes to be deleted. */
export const REMOVE = "remove";

/** What is left to delete once PostgreSQL has forgotten it; whoever relays the outbox does. */
export interface Removal {
  readonly reports: readonly TaskId[];
  /** Samples that are gone as a whole. */
  readonly samples: readonly Sha256[];
  /** Samples whose bytes go. */
  readonly bytes: readonly Sha256[];
}

/**
 * Notes with the caller's transaction what has to go from Elasticsearch and from the sample store after it: so nothing says
 * that a report or a file is there when it is gone, and a crash leaves nothing over.
 */
export async function noteRemoval(sql: Sql, removal: Partial<Removal>): Promise<void> {
  const whole: Removal = { reports: [], samples: [], bytes: [], ...removal };
  if (whole.reports.length + whole.samples.length + whole.bytes.length === 0) return;
  await sql`
    insert into outbox (subject, message_id, payload)
    values (${REMOVE}, ${crypto.randomUUID()}, ${sql.json(whole as never)})`;
  await sql`select pg_notify('assay_outbox', '')`;
}

/** What whoever deletes bytes has to know. */
export interface Removals {
  /** Of samples whose bytes were to go, those that nobody has handed in again meanwhile. */
  unneeded(sha256s: readonly Sha256[]): Promise<Sha256[]>;
  /** Of these, the samples that are gone. */
  forgotten(sha256s: readonly Sha256[]): Promise<Sha256[]>;
}

/** Removals in PostgreSQL. */
export function createRemovals(pool: Sql): Removals {
  const without = async (sha256s: readonly Sha256[], kept: Fragment): Promise<Sha256[]> => {
    if (sha256s.length === 0) return [];
    const rows = await pool<{ sha256: Sha256 }[]>`
      select sha256 from samples where sha256 = any(${[...sha256s] as string[]}) and ${kept}`;
    const known = new Set(rows.map(({ sha256 }) => sha256));
    return sha256s.filter((sha256) => !known.has(sha256));
  };
  return {
    unneeded: (sha256s) => without(sha256s, pool`bytes_removed is null`),
    forgotten: (sha256s) => without(sha256s, pool`true`),
  };
}

/** Tables with rows of a sample besides its tasks. */
const OF_SAMPLES = ["notes", "sample_tags", "tag_changes", "list_samples"] as const;

/**
 * Forgets samples whole inside the caller's transaction, which has locked them and seen that none is held or has an
 * unfinished task: tasks, notes, tags, places on lists, and submissions of which nothing is left.
 */
export async function forgetSamples(sql: Sql, sha256s: readonly Sha256[]): Promise<TaskId[]> {
  const samples = [...sha256s] as string[];
  const tasks = await sql<{ id: TaskId; submission_id: string }[]>`
    delete from tasks where sha256 = any(${samples}) returning id, submission_id`;
  for (const table of OF_SAMPLES) await sql`delete from ${sql(table)} where sha256 = any(${samples})`;
  await sql`delete from samples where sha256 = any(${samples})`;
  await forgetEmptySubmissions(sql, tasks.map((task) => task.submission_id));
  const reports = tasks.map(({ id }) => id);
  await noteRemoval(sql, { reports, samples: sha256s, bytes: sha256s });
  return reports;
}

/** Deletes those submissions that have no task left: their names, tags and metadata go with the last. */
export async function forgetEmptySubmissions(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql`
    delete from submissions s where id = any(${[...new Set(ids)]})
      and not exists (select from tasks t where t.submission_id = s.id)`;
}
