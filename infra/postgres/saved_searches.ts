import {
  type KeyId,
  newId,
  type SavedSearch,
  type SavedSearchId,
  type SearchTerms,
  tlpOfRank,
  type Visibility,
} from "@assay/core";
import type { Page, PageRequest } from "../page.ts";
import type { Annotator } from "./annotator.ts";
import type { Sql } from "./connect.ts";
import { type ShelfLabel, type ShelfRefusal, stored, unlessTaken } from "./lists.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { endCollection } from "./publishing.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";
import { visible } from "./visibility.ts";

/** Saved searches. The caller has had the query parsed. */
export interface SavedSearches {
  create(search: ShelfLabel & SearchTerms, by: Annotator): Promise<SavedSearch | "name-taken">;
  find(id: SavedSearchId, visibility: Visibility): Promise<SavedSearch | null>;
  list(page: PageRequest, visibility: Visibility): Promise<Page<SavedSearch>>;
  change(
    id: SavedSearchId,
    search: ShelfLabel & SearchTerms,
    visibility: Visibility,
  ): Promise<SavedSearch | ShelfRefusal>;
  /** Deletes the reader's own; `any`: one shared by another, too. */
  remove(id: SavedSearchId, any: boolean, visibility: Visibility): Promise<"removed" | ShelfRefusal>;
}

interface SearchRow extends Omit<SearchTerms, "mode"> {
  /** Null in rows of old. */
  readonly mode: SearchTerms["mode"] | null;
  readonly id: SavedSearchId;
  readonly name: string;
  readonly description: string | null;
  readonly owner: KeyId;
  readonly author: string;
  readonly tlp: number | null;
  readonly created: Date;
  readonly changed: Date;
}

/** Saved searches in PostgreSQL. */
export function createSavedSearches(pool: Sql): SavedSearches {
  async function find(id: SavedSearchId, visibility: Visibility): Promise<SavedSearch | null> {
    const [row] = await pool<SearchRow[]>`
      select * from searches q where q.id = ${id} and ${visible(pool, visibility, "q")}`;
    return row ? toSearch(row) : null;
  }

  return {
    async create(search, by) {
      const [row] = await pool<SearchRow[]>`
        insert into searches ${
        pool({
          id: newId<SavedSearchId>(),
          owner: by.id,
          author: storable(by.name),
          ...stored(search),
          ...terms(search),
        })
      } on conflict (owner, name) do nothing returning *`;
      return row ? toSearch(row) : "name-taken";
    },

    find,

    async list(page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<SearchRow[]>`
        select * from searches q
        where ${visible(pool, visibility, "q")} ${last === null ? pool`` : pool`and q.id < ${last}`}
        order by q.id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toSearch), page.size, ({ id }) => id);
    },

    async change(id, search, visibility) {
      const known = await find(id, visibility);
      if (!known) return "not-found";
      if (known.owner !== visibility.reader) return "not-owner";
      return await unlessTaken(async () => {
        const [row] = await pool<SearchRow[]>`
          update searches set ${pool({ ...stored(search), ...terms(search) })}, changed = now()
          where id = ${id} returning *`;
        return row ? toSearch(row) : "not-found";
      });
    },

    async remove(id, any, visibility) {
      const known = await find(id, visibility);
      if (!known) return "not-found";
      if (known.owner !== visibility.reader && !any) return "not-owner";
      await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        await endCollection(sql, sql`search_id = ${id}`);
        await sql`delete from searches where id = ${id}`;
      });
      return "removed";
    },
  };
}

function terms({ q, scope, mode, sort }: SearchTerms) {
  return { q: storable(q), scope, mode, sort: storable(sort) };
}

function toSearch(row: SearchRow): SavedSearch {
  return {
    ...row,
    mode: row.mode ?? "default",
    tlp: row.tlp === null ? null : tlpOfRank(row.tlp),
    created: instant(row.created),
    changed: instant(row.changed),
  };
}
