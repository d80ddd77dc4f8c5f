import {
  type KeyId,
  type SampleTag,
  type Sha256,
  type TagChange,
  type Tlp,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import type { Page, PageRequest } from "../page.ts";
import { type Annotator, MAX_ANNOTATIONS, TooManyAnnotationsError } from "./annotator.ts";
import type { Sql } from "./connect.ts";
import { touchSamples } from "./enqueue.ts";
import { lockSamples } from "./lock.ts";
import { after, NUMBER, pageOf } from "./paging.ts";
import { instant } from "./task_row.ts";
import { visible, visibleSample } from "./visibility.ts";
import { storable } from "./storable.ts";

/** How many visible samples have a tag. Counting stops at {@link MAX_TAG_COUNT}. */
export interface TagCount {
  readonly tag: string;
  readonly samples: number;
}

/** Counting the samples of a tag stops here. */
export const MAX_TAG_COUNT = 10_000;

/** Tags of analysts. A reader sees a tag if he sees the sample and the tag. Every change is shown by searches soon. */
export interface SampleTags {
  list(sha256: Sha256, visibility: Visibility): Promise<SampleTag[]>;
  history(sha256: Sha256, page: PageRequest, visibility: Visibility): Promise<Page<TagChange>>;
  /** Tags that begin so, in order, with how many samples have them as far as the reader sees. */
  count(prefix: string, page: PageRequest, visibility: Visibility): Promise<Page<TagCount>>;
  /**
   * Gives every visible one of these samples each of the tags, or another level where its owner has given it before.
   * Gives the samples that changed; those that aren't visible are left. @throws {TooManyAnnotationsError}
   */
  add(
    given: { sha256s: readonly Sha256[]; tags: readonly string[]; tlp: Tlp },
    by: Annotator,
    visibility: Visibility,
  ): Promise<Sha256[]>;
  /** Takes the key's own tags off these samples; `any`: others' visible ones too. Gives the samples that changed. */
  remove(
    given: { sha256s: readonly Sha256[]; tags: readonly string[] },
    by: Annotator & { any: boolean },
    visibility: Visibility,
  ): Promise<Sha256[]>;
}

interface Changed {
  readonly sha256: Sha256;
  readonly tag: string;
  readonly tlp: number;
  readonly owner: KeyId;
  readonly action: TagChange["action"];
}

/** Tags in PostgreSQL. */
export function createSampleTags(pool: Sql): SampleTags {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  return {
    async list(sha256, visibility) {
      const rows = await pool<(Omit<SampleTag, "tlp" | "added"> & { tlp: number; added: Date })[]>`
        select g.tag, g.tlp, g.owner, g.author, g.added from sample_tags g
        where g.sha256 = ${sha256} and ${visible(pool, visibility, "g")}
          and ${visibleSample(pool, pool`g.sha256`, visibility)}
        order by g.tag, g.added, g.owner limit 1000`;
      return rows.map((row) => ({ ...row, tlp: tlpOfRank(row.tlp), added: instant(row.added) }));
    },

    async history(sha256, page, visibility) {
      const last = after(page, NUMBER);
      const rows = await pool<(Omit<TagChange, "tlp" | "at"> & { id: string; tlp: number; at: Date })[]>`
        select c.id::text, c.sha256, c.tag, c.action, c.tlp, c.owner, c.editor, c.at from tag_changes c
        where c.sha256 = ${sha256} and ${visible(pool, visibility, "c")}
          and ${visibleSample(pool, pool`c.sha256`, visibility)}
          ${last === null ? pool`` : pool`and c.id < ${last}`}
        order by c.id desc limit ${page.size + 1}`;
      const found = pageOf(rows, page.size, ({ id }) => id);
      const items = found.items.map(({ id: _, ...row }) => ({
        ...row,
        tlp: tlpOfRank(row.tlp),
        at: instant(row.at),
      }));
      return { items, cursor: found.cursor };
    },

    async count(prefix, page, visibility) {
      const last = after(page, /^[\s\S]{1,64}$/);
      const rows = await pool<TagCount[]>`
        select n.tag, c.samples from (
          select distinct g.tag collate "C" as tag from sample_tags g
          where starts_with(g.tag, ${prefix}) and g.tag collate "C" >= ${prefix} and ${
        visible(pool, visibility, "g")
      } ${last === null ? pool`` : pool`and g.tag collate "C" > ${last}`}
          order by 1 limit ${page.size + 1}
        ) n cross join lateral (
          select count(*)::int as samples from (
            select distinct g.sha256 from sample_tags g
            where g.tag = n.tag and ${visible(pool, visibility, "g")}
              and ${visibleSample(pool, pool`g.sha256`, visibility)} limit ${MAX_TAG_COUNT}) x
        ) c order by n.tag`;
      const found = pageOf(rows, page.size, ({ tag }) => tag);
      // Whose samples are all hidden is not told; so a page may be short, or even empty.
      return { items: found.items.filter(({ samples }) => samples > 0), cursor: found.cursor };
    },

    add: (given, by, visibility) => transaction((sql) => addTags(sql, given, by, visibility)),

    async remove({ sha256s, tags }, by, visibility) {
      return await transaction(async (sql) => {
        await lockSamples(sql, sha256s);
        const changed = await sql<Changed[]>`
          delete from sample_tags g
          where g.sha256 = any(${[...sha256s] as string[]}) and g.tag = any(${distinct(tags)})
            and (g.owner = ${by.id} or ${by.any}) and ${visible(sql, visibility, "g")}
            and ${visibleSample(sql, sql`g.sha256`, visibility)}
          returning g.sha256, g.tag, g.tlp, g.owner, 'removed' as action`;
        return await noteChanges(sql, changed, by);
      });
    },
  };
}

/** {@link SampleTags.add} inside the caller's transaction. */
export async function addTags(
  sql: Sql,
  { sha256s, tags, tlp }: { sha256s: readonly Sha256[]; tags: readonly string[]; tlp: Tlp },
  by: Annotator,
  visibility: Visibility,
): Promise<Sha256[]> {
  await lockSamples(sql, sha256s);
  const changed = await sql<Changed[]>`
    insert into sample_tags as g (sha256, tag, owner, author, tlp)
    select m.sha256, w.tag, ${by.id}, ${storable(by.name)}, ${tlpRank(tlp)}
    from samples m cross join unnest(${distinct(tags)}::text[]) as w (tag)
    where m.sha256 = any(${[...sha256s] as string[]}) and ${visibleSample(sql, sql`m.sha256`, visibility)}
    order by 1, 2
    on conflict (sha256, tag, owner) do update set tlp = excluded.tlp, added = now() where g.tlp <> excluded.tlp
    returning g.sha256, g.tag, g.tlp, g.owner, case when xmax = 0 then 'added' else 'changed' end as action`;
  const [full] = await sql`
    select from sample_tags where sha256 = any(${
    changed.map((one) => one.sha256 as string)
  }) and owner = ${by.id}
    group by sha256 having count(*) > ${MAX_ANNOTATIONS} limit 1`;
  if (full) throw new TooManyAnnotationsError("tags");
  return await noteChanges(sql, changed, by);
}

/** Keeps what changed for the history and has the samples' documents built again. */
async function noteChanges(sql: Sql, changed: readonly Changed[], by: Annotator): Promise<Sha256[]> {
  if (changed.length === 0) return [];
  await sql`
    insert into tag_changes (sha256, tag, tlp, owner, action, editor)
    select *, ${storable(by.name)} from unnest(${changed.map((one) => one.sha256)}::text[],
      ${changed.map((one) => one.tag)}::text[], ${changed.map((one) => one.tlp)}::smallint[],
      ${changed.map((one) => one.owner)}::text[], ${changed.map((one) => one.action)}::text[])`;
  const sha256s = [...new Set(changed.map((one) => one.sha256))];
  await touchSamples(sql, sha256s);
  return sha256s;
}

function distinct(tags: readonly string[]): string[] {
  return [...new Set(tags.map(storable))];
}
