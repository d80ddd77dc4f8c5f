import {
  EVERYTHING,
  type KeyId,
  type Sha256,
  type SubmissionId,
  type TaskId,
  tlpOfRank,
  type Visibility,
} from "@assay/core";
import type { Sql } from "./connect.ts";
import { lockSamples } from "./lock.ts";
import { forgetSamples } from "./removal.ts";
import type { SampleFacts, Samples } from "./repositories.ts";
import { instant } from "./task_row.ts";
import { visible, visibleSample } from "./visibility.ts";

/** Submissions of one sample that its document lists. */
const MOST_SUBMISSIONS = 200;
/** Notes and tags of one sample that its document lists. */
const MOST_NOTES = 200;
const MOST_TAGS = 500;

interface SubmissionFacts {
  readonly submissionId: SubmissionId;
  readonly taskId: TaskId;
  readonly reportId: TaskId;
  readonly reportRevision: number;
  readonly tlp: number;
  readonly owner: KeyId;
  readonly submitter: string;
  readonly name: string | null;
  readonly tags: string[];
  readonly metadata: Record<string, string>;
  readonly parentSha256: Sha256 | null;
  readonly seen: string;
}

interface FactsRow {
  readonly sha256: Sha256;
  readonly size: string;
  readonly first_seen: Date;
  readonly revision: string;
  readonly submissions: SubmissionFacts[];
  readonly notes: { tlp: number; owner: KeyId; author: string; text: string }[];
  readonly tags: { tlp: number; owner: KeyId; tag: string }[];
}

/** Samples in PostgreSQL. */
export function createSamples(pool: Sql): Samples {
  return {
    async isVisible(sha256, visibility) {
      return (await pool`select where ${visibleSample(pool, pool`${sha256}`, visibility)}`).length > 0;
    },
    async find(sha256, visibility) {
      if (!await this.isVisible(sha256, visibility)) return null;
      return (await readFacts(pool, [sha256], visibility))[0] ?? null;
    },
    async removeUnused(sha256s) {
      return await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        await lockSamples(sql, sha256s);
        const unused = await sql<{ sha256: Sha256 }[]>`
          select m.sha256 from samples m where m.sha256 = any(${[...sha256s] as string[]})
            and not exists (select from tasks t where t.sha256 = m.sha256)
            and not exists (select from legal_holds h where h.sha256 = m.sha256)`;
        const gone = unused.map(({ sha256 }) => sha256);
        await forgetSamples(sql, gone);
        return gone;
      }) as Sha256[];
    },
    facts: (sha256s) => readFacts(pool, sha256s, EVERYTHING),
  };
}

/** One statement sees one state of the database, so the revision is never newer than what is read with it. */
async function readFacts(
  sql: Sql,
  sha256s: readonly Sha256[],
  visibility: Visibility,
): Promise<SampleFacts[]> {
  const rows = await sql<FactsRow[]>`
    select m.sha256, m.size, m.first_seen, m.revision, coalesce(x.submissions, '[]') as submissions,
      coalesce(y.notes, '[]') as notes, coalesce(z.tags, '[]') as tags
    from samples m left join lateral (
      select jsonb_agg(jsonb_build_object('submissionId', n.submission_id, 'taskId', n.id, 'reportId', n.report_id,
        'reportRevision', n.report_revision,
        'tlp', n.tlp, 'owner', n.owner, 'submitter', n.owner_name, 'name', n.name, 'tags', n.tags,
        'metadata', n.metadata, 'parentSha256', n.parent_sha256, 'seen', n.finished) order by n.id desc) as submissions
      from (
        select t.id, t.submission_id, t.report_id, coalesce(r.revision, 1) as report_revision, t.name, t.parent_sha256, t.finished,
          s.tlp, s.owner, s.owner_name, s.tags, s.metadata
        from tasks t join submissions s on s.id = t.submission_id left join tasks r on r.id = t.report_id
        where t.sha256 = m.sha256 and t.status = 'complete' and ${visible(sql, visibility)}
        order by t.id desc limit ${MOST_SUBMISSIONS}) n
    ) x on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('tlp', n.tlp, 'owner', n.owner, 'author', n.author, 'text', n.text)
        order by n.id desc) as notes
      from (
        select id, tlp, owner, author, text from notes n
        where n.sha256 = m.sha256 and n.deleted is null and ${visible(sql, visibility, "n")}
        order by id desc limit ${MOST_NOTES}) n
    ) y on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('tlp', g.tlp, 'owner', g.owner, 'tag', g.tag)
        order by g.added desc, g.tag) as tags
      from (
        select tlp, owner, tag, added from sample_tags g
        where g.sha256 = m.sha256 and ${visible(sql, visibility, "g")}
        order by added desc, tag limit ${MOST_TAGS}) g
    ) z on true
    where m.sha256 = any(${[...sha256s] as string[]})`;
  return rows.map((row) => ({
    sha256: row.sha256,
    size: Number(row.size),
    firstSeen: instant(row.first_seen),
    revision: Number(row.revision),
    submissions: row.submissions.map((one) => ({
      ...one,
      tlp: tlpOfRank(one.tlp),
      seen: instant(new Date(one.seen)),
    })),
    notes: row.notes.map((note) => ({ ...note, tlp: tlpOfRank(note.tlp) })),
    tags: row.tags.map((tag) => ({ ...tag, tlp: tlpOfRank(tag.tlp) })),
  }));
}
