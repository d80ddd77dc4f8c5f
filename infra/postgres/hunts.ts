import {
  type Hunt,
  type HuntActions,
  type KeyId,
  newId,
  type NotificationId,
  type SavedSearch,
  type SavedSearchId,
  type Sha256,
  type TaskId,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import { ulid } from "ulid";
import type { Page, PageRequest } from "../page.ts";
import type { Annotator } from "./annotator.ts";
import type { Sql } from "./connect.ts";
import { lockSamples } from "./lock.ts";
import { claimOwnSearch } from "./own_search.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { queueRescans } from "./rescans.ts";
import { addTags } from "./sample_tags.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";
import { visible } from "./visibility.ts";

/** Live hunts of all keys, and of one. */
export const MAX_HUNTS = { all: 100, perKey: 20 } as const;

/** A live hunt with what it asks. */
export interface LiveHunt extends Hunt {
  readonly search: Pick<SavedSearch, "q" | "mode" | "scope">;
}

/** A report that a hunt came upon. */
export interface HuntHit {
  readonly sha256: Sha256;
  readonly reportId: TaskId;
}

/** Hunts: saved searches that look at each new report. */
export interface Hunts {
  /** Makes the hunt of a search of one's own, or changes what it does and starts it again. */
  put(
    id: SavedSearchId,
    actions: HuntActions,
    visibility: Visibility,
  ): Promise<Hunt | "not-found" | "not-owner" | "too-many">;
  /** Of a search that the reader sees; null where it is none. */
  find(id: SavedSearchId, visibility: Visibility): Promise<Hunt | null>;
  /** Hunts of all searches that the reader sees, newest search first. */
  list(page: PageRequest, visibility: Visibility): Promise<Page<Hunt>>;
  /** Ends one's own. */
  remove(id: SavedSearchId, visibility: Visibility): Promise<"removed" | "not-found" | "not-owner">;
  /** Those that look at new reports. */
  live(): Promise<LiveHunt[]>;
  /**
   * Does what the hunt does with those hits that it has not come upon before, all in one transaction: a crash does all or
   * nothing, and doing it again changes nothing. Gives the new hits.
   */
  record(hunt: Hunt, hits: readonly HuntHit[], by: Hunter): Promise<HuntHit[]>;
  fail(id: SavedSearchId, error: string): Promise<void>;
  stop(id: SavedSearchId, reason: string): Promise<void>;
}

/** The key of a hunt's owner, as it is now. */
export interface Hunter extends Annotator {
  readonly visibility: Visibility;
  readonly maxAttempts: number;
}

interface HuntRow {
  readonly search_id: SavedSearchId;
  readonly owner: KeyId;
  readonly tags: string[];
  readonly tlp: number;
  readonly rescan: string[] | null;
  readonly notify: boolean;
  readonly hits: string;
  readonly last_hit: Date | null;
  readonly last_error: string | null;
  readonly stopped: string | null;
  readonly created: Date;
}

/** Hunts in PostgreSQL. */
export function createHunts(pool: Sql): Hunts {
  async function find(id: SavedSearchId, visibility: Visibility): Promise<Hunt | null> {
    const [row] = await pool<HuntRow[]>`
      select h.* from hunts h join searches q on q.id = h.search_id
      where q.id = ${id} and ${visible(pool, visibility, "q")}`;
    return row ? toHunt(row) : null;
  }

  return {
    async put(id, actions, visibility) {
      return await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        const counted = sql`hunts where stopped is null`;
        const search = await claimOwnSearch(sql, id, visibility, {
          name: "hunts",
          limit: MAX_HUNTS,
          counted,
        });
        if (typeof search === "string") return search;
        const row = {
          tags: actions.tags.map(storable),
          tlp: tlpRank(actions.tlp),
          rescan: actions.rescan,
          notify: actions.notify,
          stopped: null,
          last_error: null,
        };
        const [made] = await sql<HuntRow[]>`
          insert into hunts ${sql({ search_id: id, owner: search.owner, ...row })}
          on conflict (search_id) do update set ${sql(row)} returning *`;
        return toHunt(made!);
      }) as Hunt | "not-found" | "not-owner" | "too-many";
    },

    find,

    async list(page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<HuntRow[]>`
        select h.* from hunts h join searches q on q.id = h.search_id
        where ${visible(pool, visibility, "q")} ${last === null ? pool`` : pool`and q.id < ${last}`}
        order by q.id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toHunt), page.size, ({ searchId }) => searchId);
    },

    async remove(id, visibility) {
      const hunt = await find(id, visibility);
      if (!hunt) return "not-found";
      if (hunt.owner !== visibility.reader) return "not-owner";
      await pool`delete from hunts where search_id = ${id}`;
      return "removed";
    },

    async live() {
      const rows = await pool<(HuntRow & LiveHunt["search"])[]>`
        select h.*, q.q, coalesce(q.mode, 'default') as mode, q.scope
        from hunts h join searches q on q.id = h.search_id
        where h.stopped is null order by h.search_id limit ${MAX_HUNTS.all}`;
      return rows.map((row) => ({
        ...toHunt(row),
        search: { q: row.q, mode: row.mode, scope: row.scope },
      }));
    },

    async record(hunt, hits, by) {
      if (hits.length === 0) return [];
      return await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        const sha256s = hits.map(({ sha256 }) => sha256);
        await lockSamples(sql, sha256s);
        const fresh = await sql<HuntHit[]>`
          insert into hunt_hits (search_id, sha256, report_id)
          select h.search_id, x.sha256, x.report_id
          from hunts h cross join unnest(${sha256s}::text[], ${hits.map(({ reportId }) => reportId)}::text[])
            as x (sha256, report_id)
          where h.search_id = ${hunt.searchId}
          on conflict do nothing returning sha256, report_id as "reportId"`;
        if (fresh.length > 0) await act(sql, hunt, fresh, by);
        return [...fresh];
      }) as HuntHit[];
    },

    async fail(id, error) {
      await pool`
        update hunts set last_error = ${
        storable(error.slice(0, 2000))
      }, failed = now() where search_id = ${id}`;
    },

    async stop(id, reason) {
      await pool`update hunts set stopped = ${storable(reason)} where search_id = ${id} and stopped is null`;
    },
  };
}

async function act(sql: Sql, hunt: Hunt, fresh: readonly HuntHit[], by: Hunter): Promise<void> {
  const { searchId, tags, tlp, rescan, notify } = hunt;
  const sha256s = fresh.map(({ sha256 }) => sha256);
  if (tags.length > 0) await addTags(sql, { sha256s, tags, tlp }, by, by.visibility);
  if (rescan !== null) {
    const reports = fresh.map(({ reportId }) => reportId);
    // What a hunt had analysed again, no hunt has analysed again: or two of them would never end.
    const own = await sql<{ id: TaskId }[]>`
      select t.id from tasks t join submissions s on s.id = t.submission_id
      where t.id = any(${reports as string[]}) and (s.origin is null or s.origin not like 'hunt:%')`;
    await queueRescans(
      sql,
      {
        reports: own.map(({ id }) => id),
        origin: `hunt:${searchId}:${ulid()}`,
        modules: rescan,
        rescan: "all",
        maxAttempts: by.maxAttempts,
      },
      by,
      by.visibility,
    );
  }
  if (notify) {
    await sql`insert into notifications ${
      sql(fresh.map(({ sha256, reportId }) => ({
        id: newId<NotificationId>(),
        owner: hunt.owner,
        search_id: searchId,
        sha256,
        report_id: reportId,
      })))
    }`;
  }
  await sql`
    update hunts set hits = hits + ${fresh.length}, last_hit = now(), last_error = null
    where search_id = ${searchId}`;
}

function toHunt(row: HuntRow): Hunt {
  return {
    searchId: row.search_id,
    owner: row.owner,
    tags: row.tags,
    tlp: tlpOfRank(row.tlp),
    rescan: row.rescan,
    notify: row.notify,
    hits: Number(row.hits),
    lastHit: row.last_hit && instant(row.last_hit),
    lastError: row.last_error,
    stopped: row.stopped,
    created: instant(row.created),
  };
}
