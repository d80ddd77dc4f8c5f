import {
  type KeyId,
  type Note,
  type SampleTag,
  type SavedSearch,
  type SavedSearchId,
  type Sha256,
  type TaskId,
  type Timestamp,
  type Tlp,
  tlpLevels,
  tlpOfRank,
  tlpRank,
} from "@assay/core";
import type { WalkPlace } from "../elasticsearch/repositories.ts";
import type { Fragment, Sql } from "./connect.ts";
import { lockCollections, type PublishingTransaction, transactionOf } from "./publishing_transaction.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";

/** A collection as its publisher fills it. */
export interface PublishedCollection {
  readonly id: string;
  readonly tlp: Tlp;
  /** The search whose hits it holds; null for all of its level. */
  readonly search: PublishedSearch | null;
}

/** A search whose hits are published. */
export interface PublishedSearch extends Pick<SavedSearch, "q" | "mode" | "scope"> {
  readonly id: SavedSearchId;
  readonly owner: KeyId;
  /** True where everything that it finds must be looked at from the start: it is new, or asks something else now. */
  readonly changed: boolean;
  /** Where that goes on; null at its start. */
  readonly place: WalkPlace | null;
  /** True once all of it has been looked at. */
  readonly filled: boolean;
  /** True where nothing new comes; what is there is kept as it is now, or goes. */
  readonly stopped: boolean;
}

/** A report that collections may hold. */
export interface PublishableReport {
  readonly id: TaskId;
  readonly sha256: Sha256;
  readonly revision: number;
  readonly tlp: Tlp;
}

/** A report as a collection holds it. */
export interface HeldReport {
  readonly collection: string;
  readonly reportId: TaskId;
  /** What it was made from. */
  readonly stamp: string;
}

/** A sample whose reports collections must be compared with. */
export interface DueSample {
  readonly sha256: Sha256;
  /** Grows when it is touched again. */
  readonly touched: string;
  /** Reports that are there. */
  readonly reports: readonly PublishableReport[];
  readonly notes: readonly Note[];
  readonly tags: readonly SampleTag[];
  readonly held: readonly HeldReport[];
  /** Reports that somebody deleted, and when. */
  readonly withdrawn: ReadonlyMap<TaskId, Timestamp>;
}

/** What publishing into collections takes and notes. Several publishers do no harm. */
export interface Publishing {
  /** Has collections compared with these samples: what is new before what only fills a collection. */
  touch(sha256s: readonly Sha256[], backlog?: boolean): Promise<void>;
  /** All that haven't ended, those of levels first. */
  collections(): Promise<PublishedCollection[]>;
  /**
   * Keeps the collections of levels that somebody gets: by a key with the scope `taxii`, as a published search's, or as one of `levels`.
   * Others end; a new one is compared with all samples.
   */
  keepLevels(levels: readonly Tlp[]): Promise<void>;
  /** Forgets what is due where there is no collection; true where that is so. */
  forget(): Promise<boolean>;
  /** Something that its search finds may have been missed: it is looked at from its start again. */
  refill(collection: string): Promise<void>;
  /** Has a search looked at from its start, as it is now, with the samples whose reports its collection holds. */
  startFilling(collection: string, search: PublishedSearch): Promise<void>;
  /** Notes samples that a search found, and where it goes on; null at its end. */
  fill(collection: string, sha256s: readonly Sha256[], place: WalkPlace | null): Promise<void>;
  /** Takes out some of what collections held that have ended; true where there may be more. */
  sweep(): Promise<boolean>;
  /** Adds nothing to the collection any more, and says why; what is there stays. */
  stop(collection: string, reason: string): Promise<void>;
  /** The next samples to compare. */
  due(limit: number): Promise<DueSample[]>;
  /**
   * Changes what collections hold of a sample in one transaction, after all earlier changes and before all later ones. False where the
   * sample has changed since it was taken: nothing is done, and it comes again.
   */
  write(sample: DueSample, work: (transaction: PublishingTransaction) => Promise<void>): Promise<boolean>;
  /** The sample has been compared as it was when it was taken. */
  done(sample: DueSample): Promise<void>;
  /** The sample can't be published until it changes. */
  fail(sample: DueSample, error: string): Promise<void>;
  /** Calls back whenever there may be something to do (LISTEN). */
  onDue(wake: () => void, signal: AbortSignal): Promise<void>;
}

/** Of an ended collection in one step; a report has some dozens of objects. */
const SWEPT = { objects: 5000, reports: 200 };
const CHANNEL = "assay_publish";

/** Publishing in PostgreSQL. */
export function createPublishing(pool: Sql): Publishing {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  return {
    touch: (sha256s, backlog = false) => transaction((sql) => touch(sql, sha256s, backlog)),

    async collections() {
      const rows = await pool<CollectionRow[]>`
        select c.id, c.tlp, c.search_id, c.owner, c.asked, c.place, c.filled, c.stopped is not null as stopped,
          q.q, q.scope, coalesce(q.mode, 'default') as mode
        from taxii_collections c left join searches q on q.id = c.search_id
        where not c.ended order by c.search_id is not null, c.tlp, c.id`;
      return rows.map(toCollection);
    },

    keepLevels: (levels) => transaction((sql) => keepLevels(sql, levels)),

    forget: () =>
      transaction(async (sql) => {
        await lockCollections(sql);
        const [some] = await sql`select from taxii_collections where not ended limit 1`;
        if (some) return false;
        await sql`delete from taxii_due`;
        await sql`delete from taxii_withdrawn`;
        return true;
      }),

    async refill(collection) {
      await pool`update taxii_collections set asked = null where id = ${collection}`;
    },

    async startFilling(collection, { q, mode, scope }) {
      await transaction(async (sql) => {
        const held = await sql<{ sha256: Sha256 }[]>`
          select distinct sha256 from taxii_reports where collection = ${collection}`;
        await touch(sql, held.map(({ sha256 }) => sha256), true);
        await sql`
          update taxii_collections set asked = ${sql.json({ q, mode, scope })}, place = null, filled = null
          where id = ${collection}`;
      });
    },

    async fill(collection, sha256s, place) {
      await transaction(async (sql) => {
        await touch(sql, sha256s, true);
        await sql`
          update taxii_collections set place = ${place === null ? null : sql.json(place as never)},
            filled = ${place === null ? sql`now()` : null}
          where id = ${collection}`;
      });
    },

    sweep: () =>
      transaction(async (sql) => {
        const [ended] = await sql<{ id: string }[]>`select id from taxii_collections where ended limit 1`;
        if (!ended) return false;
        await lockCollections(sql);
        const { id } = ended;
        const objects = await sql`
          delete from taxii_objects where collection = ${id} and added in (
            select added from taxii_objects where collection = ${id} order by added limit ${SWEPT.objects})
          returning 1`;
        const reports = await sql`
          delete from taxii_reports where collection = ${id} and report_id in (
            select report_id from taxii_reports where collection = ${id} limit ${SWEPT.reports}) returning 1`;
        if (objects.length + reports.length === 0) await sql`delete from taxii_collections where id = ${id}`;
        return true;
      }),

    async stop(collection, reason) {
      await pool`update taxii_collections set stopped = ${storable(reason)} where id = ${collection}`;
    },

    due: (limit) =>
      pool.begin(
        "isolation level repeatable read read only",
        (tx) => readDue(tx as unknown as Sql, limit),
      ) as Promise<DueSample[]>,

    write: ({ sha256, touched }, work) =>
      transaction(async (sql) => {
        await lockCollections(sql);
        const [unchanged] = await sql`
          select from taxii_due where sha256 = ${sha256} and touched = ${touched} for update`;
        if (!unchanged) return false;
        await work(transactionOf(sql));
        return true;
      }),

    async done({ sha256, touched, withdrawn }) {
      await transaction(async (sql) => {
        await sql`delete from taxii_withdrawn where report_id = any(${[...withdrawn.keys()] as string[]})`;
        await sql`delete from taxii_due where sha256 = ${sha256} and touched = ${touched}`;
      });
    },

    async fail({ sha256, touched }, error) {
      await pool`
        update taxii_due set error = ${storable(error.slice(0, 2000))}
        where sha256 = ${sha256} and touched = ${touched}`;
    },

    async onDue(wake, signal) {
      const { unlisten } = await pool.listen(CHANNEL, wake, wake);
      // The pool may have ended by then, and the listening with it.
      signal.addEventListener("abort", () => void unlisten().catch(() => {}), { once: true });
    },
  };
}

async function keepLevels(sql: Sql, levels: readonly Tlp[]): Promise<void> {
  const [named, names] = [levels.map(tlpRank), tlpLevels.map((tlp) => `tlp-${tlp.replace("+", "-")}`)];
  const wanted = await sql<{ tlp: number }[]>`
    select tlp::int from generate_series(0, ${tlpLevels.length - 1}::int) as x (tlp)
    where tlp = any(${named}::int[])
      or exists (select from taxii_collections c where c.search_id is not null and c.tlp = x.tlp)
      or exists (
        select from keys k where 'taxii' = any(k.scopes) and not 'admin' = any(k.scopes) and k.max_tlp >= x.tlp
          and k.revoked is null and (k.expires is null or k.expires > now()))`;
  const ranks = wanted.map(({ tlp }) => tlp);
  const current = await sql<{ tlp: number }[]>`
    select tlp::int from taxii_collections where search_id is null and not ended`;
  const missing = ranks.filter((rank) => !current.some(({ tlp }) => tlp === rank));
  if (missing.length === 0 && current.length === ranks.length) return;
  await lockCollections(sql);
  await endCollection(sql, sql`search_id is null and not ended and not tlp = any(${ranks}::int[])`);
  if (missing.length === 0) return;
  await sql`
    insert into taxii_collections (alias, tlp)
    select * from unnest(${
    missing.map((rank) => names[rank]!)
  }::text[], ${missing}::int[]) on conflict (alias) do nothing`;
  await sql`
    insert into taxii_due as d (sha256, backlog)
    select distinct sha256, true from tasks where status = 'complete' and report_id = id
    on conflict (sha256) do update set touched = d.touched + 1, error = null`;
}

/** Shows a collection to nobody any more; the publisher takes out what it held. */
export async function endCollection(sql: Sql, which: Fragment): Promise<void> {
  const ended = await sql`
    update taxii_collections set ended = true, alias = null, search_id = null, owner = null
    where ${which} returning id`;
  if (ended.length > 0) await wakePublisher(sql);
}

/** Tells the publisher that there may be something to do; PostgreSQL sends it at the commit. */
export async function wakePublisher(sql: Sql): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, '')`;
}

async function touch(sql: Sql, sha256s: readonly Sha256[], backlog: boolean): Promise<void> {
  const distinct = [...new Set(sha256s)].sort();
  if (distinct.length === 0) return;
  await sql`
    insert into taxii_due as d (sha256, backlog)
    select sha256, ${backlog} from unnest(${distinct as string[]}::text[]) as x (sha256)
    on conflict (sha256) do update
      set touched = d.touched + 1, backlog = d.backlog and excluded.backlog, error = null`;
  await wakePublisher(sql);
}

interface CollectionRow {
  readonly id: string;
  readonly tlp: number;
  readonly search_id: SavedSearchId | null;
  readonly owner: KeyId | null;
  readonly asked: { q: string; mode: string; scope: string } | null;
  readonly place: WalkPlace | null;
  readonly filled: Date | null;
  readonly stopped: boolean;
  readonly q: string;
  readonly mode: SavedSearch["mode"];
  readonly scope: SavedSearch["scope"];
}

function toCollection(row: CollectionRow): PublishedCollection {
  const { id, search_id, owner, asked, place, filled, stopped, q, mode, scope } = row;
  const tlp = tlpOfRank(row.tlp);
  if (search_id === null) return { id, tlp, search: null };
  const changed = asked === null || asked.q !== q || asked.mode !== mode || asked.scope !== scope;
  return {
    id,
    tlp,
    search: {
      id: search_id,
      owner: owner!,
      q,
      mode,
      scope,
      changed,
      place,
      filled: filled !== null,
      stopped,
    },
  };
}

type OfSample<T> = T & { readonly sha256: Sha256 };

async function readDue(sql: Sql, limit: number): Promise<DueSample[]> {
  const samples = await sql<Pick<DueSample, "sha256" | "touched">[]>`
    select sha256, touched from taxii_due where error is null order by backlog, place limit ${limit}`;
  const sha256s = samples.map(({ sha256 }) => sha256 as string);
  if (sha256s.length === 0) return [];
  const reports = await sql<(Omit<PublishableReport, "tlp"> & { tlp: number })[]>`
    select t.id, t.sha256, coalesce(t.revision, 1) as revision, s.tlp
    from tasks t join submissions s on s.id = t.submission_id
    where t.sha256 = any(${sha256s}) and t.status = 'complete' and t.report_id = t.id order by t.id`;
  const notes = await sql<
    (Omit<Note, "tlp" | "created" | "edited"> & { tlp: number; created: Date; edited: Date | null })[]
  >`
    select id, sha256, owner, author, tlp, text, version, created, edited from notes
    where sha256 = any(${sha256s}) and deleted is null order by id`;
  const tags = await sql<OfSample<Omit<SampleTag, "tlp" | "added"> & { tlp: number; added: Date }>[]>`
    select sha256, tag, tlp, owner, author, added from sample_tags
    where sha256 = any(${sha256s}) order by tag, owner`;
  const held = await sql<OfSample<HeldReport>[]>`
    select sha256, collection, report_id as "reportId", stamp from taxii_reports where sha256 = any(${sha256s})`;
  const withdrawn = await sql<OfSample<{ report_id: TaskId; at: Date }>[]>`
    select sha256, report_id, at from taxii_withdrawn where sha256 = any(${sha256s})`;
  const of = <T extends { sha256: Sha256 }>(rows: readonly T[], sha256: Sha256) =>
    rows.filter((row) => row.sha256 === sha256);
  return samples.map(({ sha256, touched }) => ({
    sha256,
    touched,
    reports: of(reports, sha256).map((row) => ({ ...row, tlp: tlpOfRank(row.tlp) })),
    notes: of(notes, sha256).map((row) => ({
      ...row,
      tlp: tlpOfRank(row.tlp),
      created: instant(row.created),
      edited: row.edited && instant(row.edited),
    })),
    tags: of(tags, sha256).map(({ tag, owner, author, added, tlp }) => ({
      tag,
      owner,
      author,
      tlp: tlpOfRank(tlp),
      added: instant(added),
    })),
    held: of(held, sha256).map(({ collection, reportId, stamp }) => ({ collection, reportId, stamp })),
    withdrawn: new Map(of(withdrawn, sha256).map(({ report_id, at }) => [report_id, instant(at)])),
  }));
}
