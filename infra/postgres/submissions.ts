import {
  type KeyId,
  type Lane,
  newId,
  type Rescan,
  type Submission,
  type SubmissionId,
  type Task,
  type TaskId,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import type { Sql } from "./connect.ts";
import { takeIn } from "./intake.ts";
import { after, pageOf, ULID } from "./paging.ts";
import type { NewSubmission, Submissions } from "./repositories.ts";
import { storable, storableJson } from "./storable.ts";
import { instant, taskColumns, type TaskRow, toTask } from "./task_row.ts";
import { visible } from "./visibility.ts";

interface SubmissionRow {
  readonly id: SubmissionId;
  readonly owner: KeyId;
  readonly owner_name: string;
  readonly tlp: number;
  readonly tags: string[];
  readonly metadata: Record<string, string>;
  readonly priority: Lane;
  readonly rescan: Rescan;
  readonly modules: string[] | null;
  readonly created: Date;
}

/** Submissions in PostgreSQL. */
export function createSubmissions(pool: Sql): Submissions {
  return {
    async create(given, visibility) {
      return await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        const made = await createSubmission(sql, given, visibility);
        return { submission: made!.submission, tasks: await readTasks(sql, made!.ids) };
      }) as { submission: Submission; tasks: Task[] };
    },
    async find(id, visibility) {
      const [row] = await pool<SubmissionRow[]>`
        select ${columns(pool)} from submissions s where id = ${id} and ${visible(pool, visibility)}`;
      return row ? toSubmission(row) : null;
    },
    async list(page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<SubmissionRow[]>`
        select ${columns(pool)} from submissions s
        where ${visible(pool, visibility)} ${last === null ? pool`` : pool`and id < ${last}`}
        order by id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toSubmission), page.size, ({ id }) => id);
    },
  };
}

/**
 * Makes a submission inside the caller's transaction; gives the ids of its tasks in the order of the files. Null where
 * there is one of the same `origin` already.
 */
export async function createSubmission(
  sql: Sql,
  given: NewSubmission,
  visibility: Visibility,
  origin: string | null = null,
): Promise<{ submission: Submission; ids: TaskId[] } | null> {
  const id = newId<SubmissionId>();
  const [row] = await sql<SubmissionRow[]>`
    insert into submissions ${
    sql({
      id,
      owner: given.owner,
      owner_name: storable(given.ownerName),
      tlp: tlpRank(given.tlp),
      tags: given.tags.map(storable),
      metadata: sql.json(storableJson(given.metadata)),
      priority: given.priority,
      rescan: given.rescan,
      modules: given.modules && [...given.modules],
      password: given.password,
      origin,
    })
  } on conflict (origin) where origin is not null do nothing returning ${columns(sql)}`;
  if (!row) return null;
  // A password may open what an earlier report found closed, so no earlier report answers.
  const latest = given.rescan === "latest" && given.password === null;
  const ids = await takeIn(sql, {
    submissionId: id,
    files: given.files,
    depth: 0,
    maxAttempts: given.maxAttempts,
    latest: latest ? { visibility, modules: given.modules } : null,
  });
  return { submission: toSubmission(row), ids };
}

/** Tasks by id, in that order. */
export async function readTasks(sql: Sql, ids: readonly TaskId[]): Promise<Task[]> {
  const rows = await sql<TaskRow[]>`
    select ${taskColumns(sql)} from tasks t
    join submissions s on s.id = t.submission_id join samples m on m.sha256 = t.sha256
    where t.id = any(${[...ids] as string[]})`;
  const byId = new Map(rows.map((row) => [row.id, toTask(row)]));
  return ids.map((id) => byId.get(id)!);
}

function columns(sql: Sql) {
  return sql`id, owner, owner_name, tlp, tags, metadata, priority, rescan, modules, created`;
}

function toSubmission(row: SubmissionRow): Submission {
  const { owner_name, tlp, created, ...rest } = row;
  return { ...rest, ownerName: owner_name, tlp: tlpOfRank(tlp), created: instant(created) };
}
