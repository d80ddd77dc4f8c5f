import {
  type Sha256,
  type SubmissionId,
  type Timestamp,
  type Tlp,
  tlpOfRank,
  type Visibility,
} from "@assay/core";
import type { Page, PageRequest } from "../page.ts";
import type { Sql } from "./connect.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { instant } from "./task_row.ts";
import { visible } from "./visibility.ts";

/** How one sample came with another: out of it, around it, or beside it (handed in together, or out of the same file). */
export type RelativeKind = "child" | "parent" | "sibling";

/** A sample that came with another, by a submission that the reader may see. */
export interface Relative {
  readonly sha256: Sha256;
  readonly name: string | null;
  readonly submissionId: SubmissionId;
}

/** A submission that a sample was in. */
export interface Containing {
  readonly id: SubmissionId;
  readonly submitter: string;
  readonly tlp: Tlp;
  readonly created: Timestamp;
  /** Other samples in it. */
  readonly others: number;
}

/** What came with a sample, as PostgreSQL knows it. */
export interface Relatives {
  list(
    sha256: Sha256,
    kind: RelativeKind,
    page: PageRequest,
    visibility: Visibility,
  ): Promise<Page<Relative>>;
  /** Newest first. */
  submissions(sha256: Sha256, page: PageRequest, visibility: Visibility): Promise<Page<Containing>>;
}

/** Ids that are SHA-256 digests. */
const DIGEST = /^[0-9a-f]{64}$/;

type Row = { sha256: Sha256; name: string | null; submission_id: SubmissionId };

/** Relatives of samples in PostgreSQL. */
export function createRelatives(pool: Sql): Relatives {
  const select = {
    child: (of: Sha256, last: string, visibility: Visibility, limit: number) =>
      pool<Row[]>`
        select distinct on (t.sha256) t.sha256, t.name, t.submission_id
        from tasks t join submissions s on s.id = t.submission_id
        where t.parent_sha256 = ${of} and t.sha256 > ${last} and ${visible(pool, visibility)}
        order by t.sha256, t.id desc limit ${limit}`,
    parent: (of: Sha256, last: string, visibility: Visibility, limit: number) =>
      pool<Row[]>`
        select distinct on (t.parent_sha256) t.parent_sha256 as sha256, p.name, t.submission_id
        from tasks t join submissions s on s.id = t.submission_id left join tasks p on p.id = t.parent_task_id
        where t.sha256 = ${of} and t.parent_sha256 > ${last} and ${visible(pool, visibility)}
        order by t.parent_sha256, t.id desc limit ${limit}`,
    sibling: (of: Sha256, last: string, visibility: Visibility, limit: number) =>
      pool<Row[]>`
        select distinct on (t.sha256) t.sha256, t.name, t.submission_id
        from tasks o join submissions s on s.id = o.submission_id
        join tasks t on t.submission_id = o.submission_id and t.parent_sha256 is not distinct from o.parent_sha256
        where o.sha256 = ${of} and t.sha256 <> ${of} and t.sha256 > ${last} and ${visible(pool, visibility)}
        order by t.sha256, t.id desc limit ${limit}`,
  };
  return {
    async list(sha256, kind, page, visibility) {
      const last = after(page, DIGEST) ?? "";
      const rows = await select[kind](sha256, last, visibility, page.size + 1);
      const relatives = rows.map(({ submission_id, ...rest }) => ({ ...rest, submissionId: submission_id }));
      return pageOf(relatives, page.size, (relative) => relative.sha256);
    },
    async submissions(sha256, page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<
        { id: SubmissionId; submitter: string; tlp: number; created: Date; others: number }[]
      >`
        select s.id, s.owner_name as submitter, s.tlp, s.created,
          (select count(distinct t.sha256)::int from tasks t where t.submission_id = s.id and t.sha256 <> ${sha256}) as others
        from submissions s
        where s.id in (select submission_id from tasks where sha256 = ${sha256}) and ${
        visible(pool, visibility)
      }
          ${last === null ? pool`` : pool`and s.id < ${last}`}
        order by s.id desc limit ${page.size + 1}`;
      const found = rows.map(({ tlp, created, ...rest }) => ({
        ...rest,
        tlp: tlpOfRank(tlp),
        created: instant(created),
      }));
      return pageOf(found, page.size, ({ id }) => id);
    },
  };
}
