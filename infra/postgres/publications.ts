import {
  type KeyId,
  type Publication,
  type SavedSearchId,
  type Tlp,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import type { Sql } from "./connect.ts";
import { claimOwnSearch } from "./own_search.ts";
import { endCollection, wakePublisher } from "./publishing.ts";
import { instant } from "./task_row.ts";
import { visible } from "./visibility.ts";

/** Saved searches published, of all keys and of one. */
export const MAX_PUBLICATIONS = { all: 200, perKey: 20 } as const;

/** Saved searches that are TAXII collections. */
export interface Publications {
  /**
   * Makes a search of one's own a collection, or starts one again that stopped. At another level it is another collection: what
   * partners hold of the old one was for others.
   */
  put(
    id: SavedSearchId,
    tlp: Tlp,
    visibility: Visibility,
  ): Promise<Publication | "not-found" | "not-owner" | "too-many">;
  /** Of a search that the reader sees; null where it is none. */
  find(id: SavedSearchId, visibility: Visibility): Promise<Publication | null>;
  /** Ends one's own, and the collection with it; `any`: another's that the reader sees, too. */
  remove(
    id: SavedSearchId,
    any: boolean,
    visibility: Visibility,
  ): Promise<"removed" | "not-found" | "not-owner">;
}

interface PublicationRow {
  readonly id: string;
  readonly search_id: SavedSearchId;
  readonly owner: KeyId;
  readonly tlp: number;
  readonly reports: number;
  readonly filled: Date | null;
  readonly stopped: string | null;
  readonly created: Date;
}

/** Publications in PostgreSQL. */
export function createPublications(pool: Sql): Publications {
  async function find(
    id: SavedSearchId,
    visibility: Visibility,
    sql: Sql = pool,
  ): Promise<Publication | null> {
    const [row] = await sql<PublicationRow[]>`
      select c.*, (select count(*)::int from taxii_reports r where r.collection = c.id) as reports
      from taxii_collections c join searches q on q.id = c.search_id
      where q.id = ${id} and ${visible(sql, visibility, "q")}`;
    return row ? toPublication(row) : null;
  }

  return {
    async put(id, tlp, visibility) {
      return await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        const use = {
          name: "publications",
          limit: MAX_PUBLICATIONS,
          counted: sql`taxii_collections where search_id is not null`,
        };
        const search = await claimOwnSearch(sql, id, visibility, use);
        if (typeof search === "string") return search;
        await endCollection(sql, sql`search_id = ${id} and tlp <> ${tlpRank(tlp)}`);
        await sql`
          insert into taxii_collections ${sql({ search_id: id, owner: search.owner, tlp: tlpRank(tlp) })}
          on conflict (search_id) do update set stopped = null,
            asked = case when taxii_collections.stopped is null then taxii_collections.asked end`;
        await wakePublisher(sql);
        return (await find(id, visibility, sql))!;
      }) as Publication | "not-found" | "not-owner" | "too-many";
    },

    find,

    async remove(id, any, visibility) {
      return await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        const known = await find(id, visibility, sql);
        if (!known) return "not-found";
        if (known.owner !== visibility.reader && !any) return "not-owner";
        await endCollection(sql, sql`search_id = ${id}`);
        return "removed";
      }) as "removed" | "not-found" | "not-owner";
    },
  };
}

function toPublication(row: PublicationRow): Publication {
  return {
    searchId: row.search_id,
    collectionId: row.id,
    owner: row.owner,
    tlp: tlpOfRank(row.tlp),
    reports: row.reports,
    filled: row.filled && instant(row.filled),
    stopped: row.stopped,
    created: instant(row.created),
  };
}
