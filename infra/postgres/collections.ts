import {
  type SavedSearchId,
  type Timestamp,
  type Tlp,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import { listDigest, readListCursor, writeListCursor } from "../cursor.ts";
import { CursorError, type Page } from "../page.ts";
import type { Fragment, Sql } from "./connect.ts";

/** A list of STIX objects that partners read by TAXII. */
export interface Collection {
  /** A UUID, version 4. */
  readonly id: string;
  /** e.g. `tlp-amber`; null for that of a search. */
  readonly alias: string | null;
  readonly tlp: Tlp;
  /** The saved search whose hits it holds; null for all of its level. */
  readonly search: {
    readonly id: SavedSearchId;
    readonly name: string;
    readonly description: string | null;
  } | null;
}

/** A version of an object as a collection lists it. */
export interface CollectionRecord {
  readonly id: string;
  /** When it was added, to the microsecond: later than every one before it, and no two the same. */
  readonly added: Timestamp;
  /** `modified`; of what has none, when it was added. */
  readonly version: Timestamp;
  readonly specVersion: string;
}

/** A version of an object with its content. */
export interface CollectionObject extends CollectionRecord {
  /** The object as JSON. */
  readonly content: string;
}

/** Which versions of each object: the oldest, the newest, every one, or those of these times. */
export type VersionWanted = "first" | "last" | "all" | Timestamp;

/** What to list; an empty list means all of its kind. */
export interface CollectionRequest {
  /** Only what was added after it, to the microsecond. */
  readonly addedAfter?: Timestamp | undefined;
  readonly ids: readonly string[];
  readonly types: readonly string[];
  readonly specVersions: readonly string[];
  /** The newest where empty. */
  readonly versions: readonly VersionWanted[];
  readonly limit: number;
  /** The cursor of the page before, of the same list. */
  readonly cursor?: string | undefined;
}

/**
 * Collections as their readers see them: those up to a level. Pages are in the order in which objects were added. Whoever
 * goes on from the cursor or from `added` of the last object he saw misses nothing, however objects come in meanwhile.
 */
export interface Collections {
  /** By level, those of searches last. */
  list(visibility: Visibility): Promise<Collection[]>;
  /** By id or alias; null where there is none or the reader may not see it. */
  find(name: string, visibility: Visibility): Promise<Collection | null>;
  /**
   * Versions of objects; null where the collection isn't visible. A page may be shorter than its limit, and have a cursor, where
   * objects are large. @throws {CursorError}
   */
  objects(
    collection: string,
    request: CollectionRequest,
    visibility: Visibility,
  ): Promise<Page<CollectionObject> | null>;
  /** The same without contents. @throws {CursorError} */
  records(
    collection: string,
    request: CollectionRequest,
    visibility: Visibility,
  ): Promise<Page<CollectionRecord> | null>;
}

/** Characters of contents on one page, but for its first object. */
const MAX_PAGE_SIZE = 8 * 1024 * 1024;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PLACE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';

interface CollectionRow {
  readonly id: string;
  readonly alias: string | null;
  readonly tlp: number;
  readonly search_id: SavedSearchId | null;
  readonly name: string | null;
  readonly description: string | null;
}

interface ObjectRow {
  readonly object_id: string;
  readonly added: string;
  readonly version: string;
  readonly spec_version: string;
  readonly found: number;
  readonly content: string;
}

/** Collections in PostgreSQL. */
export function createCollections(pool: Sql): Collections {
  const select = (visibility: Visibility, which: Fragment) =>
    pool<CollectionRow[]>`
      select c.id, c.alias, c.tlp, c.search_id, q.name, q.description
      from taxii_collections c left join searches q on q.id = c.search_id
      where not c.ended and c.tlp <= ${tlpRank(visibility.maxTlp)} and ${which}
      order by c.search_id is not null, c.tlp, q.name, c.id`;

  const find: Collections["find"] = async (name, visibility) => {
    const which = UUID.test(name) ? pool`c.id = ${name}` : pool`c.alias = ${name}`;
    const [row] = await select(visibility, which);
    return row ? toCollection(row) : null;
  };

  async function page<T>(
    collection: string,
    request: CollectionRequest,
    visibility: Visibility,
    withContent: boolean,
    toItem: (row: ObjectRow) => T,
  ): Promise<Page<T> | null> {
    if (await find(collection, visibility) === null) return null;
    const { addedAfter, ids, types, specVersions, versions, limit, cursor } = request;
    const digest = listDigest(["collection", collection, ids, types, specVersions, versions]);
    const from = [addedAfter, cursor === undefined ? undefined : placeOf(cursor, digest)].map((time) =>
      time === undefined ? pool`` : pool`and o.added > ${floorTime(time)}::text::timestamptz`
    );
    const rows = await pool<ObjectRow[]>`
      with page as (
        select o.added, o.object_id, o.version, o.spec_version, o.digest, o.size from taxii_objects o
        where o.collection = ${collection} ${from[0]!} ${from[1]!}
          ${ids.length === 0 ? pool`` : pool`and o.object_id = any(${[...ids]})`}
          ${types.length === 0 ? pool`` : pool`and o.type = any(${[...types]})`}
          ${specVersions.length === 0 ? pool`` : pool`and o.spec_version = any(${[...specVersions]})`}
          ${versionsWanted(pool, versions)}
        order by o.added limit ${limit + 1}
      ), cut as (
        select page.*, count(*) over ()::int as found, sum(size) over (order by added) - size as before from page
      )
      select object_id, to_char(added at time zone 'UTC', ${MICROSECONDS}) as added,
        to_char(version at time zone 'UTC', ${MICROSECONDS}) as version, spec_version, found,
        ${withContent ? pool`c.content` : pool`'' as content`}
      from cut ${
      withContent
        ? pool`join taxii_contents c on c.digest = cut.digest where before < ${MAX_PAGE_SIZE}`
        : pool``
    }
      order by cut.added limit ${limit}`;
    const last = rows.at(-1);
    const more = last !== undefined && rows.length < last.found;
    return { items: rows.map(toItem), cursor: more ? writeListCursor(digest, [last.added]) : null };
  }

  return {
    list: async (visibility) => (await select(visibility, pool`true`)).map(toCollection),
    find,
    objects: (collection, request, visibility) =>
      page(
        collection,
        request,
        visibility,
        true,
        (row) => ({ ...toRecord(row), content: row.content }),
      ),
    records: (collection, request, visibility) => page(collection, request, visibility, false, toRecord),
  };
}

function versionsWanted(sql: Sql, versions: readonly VersionWanted[]): Fragment {
  if (versions.includes("all")) return sql``;
  if (versions.length === 0) return sql`and o.latest`;
  const times = versions.filter((one) => one !== "first" && one !== "last").map(floorTime);
  return sql`and (${versions.includes("last") ? sql`o.latest` : sql`false`}
    or ${versions.includes("first") ? sql`o.first` : sql`false`}
    or o.version = any(${times}::text[]::timestamptz[]))`;
}

function placeOf(cursor: string, digest: string): Timestamp {
  const [time] = readListCursor(cursor, digest, [""]);
  if (PLACE.test(time)) return time;
  throw new CursorError("Cannot go on from cursor: expected one that this list gave");
}

/** PostgreSQL would round what is finer than it keeps, and so pass over a row. */
function floorTime(time: string): string {
  return time.replace(/(\.\d{6})\d+/, "$1");
}

function toCollection({ id, alias, tlp, search_id, name, description }: CollectionRow): Collection {
  const search = search_id === null ? null : { id: search_id, name: name!, description };
  return { id, alias, tlp: tlpOfRank(tlp), search };
}

function toRecord({ object_id, added, version, spec_version }: ObjectRow): CollectionRecord {
  return { id: object_id, added, version: version.replace(/000Z$/, "Z"), specVersion: spec_version };
}
