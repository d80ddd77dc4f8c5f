import type { Sha256, TaskId, Timestamp } from "@assay/core";
import { createHash } from "node:crypto";
import type { Sql } from "./connect.ts";

/** The newest version of an object that a collection holds. */
export interface HeldObject {
  /** The object as JSON. */
  readonly content: string;
  readonly revoked: boolean;
}

/** A version of an object to add. */
export interface NewVersion {
  readonly id: string;
  readonly type: string;
  readonly specVersion: string;
  /** Later than that of every version before; null for what has no versions, which is of when it is added. */
  readonly version: Timestamp | null;
  readonly revoked: boolean;
  /** The object as JSON. */
  readonly content: string;
  /** True where versions before it go. */
  readonly replaces: boolean;
}

/** What can be done to a collection. */
export interface PublishingTransaction {
  /** False where the collection has ended meanwhile: nothing can be done to it. */
  isThere(collection: string): Promise<boolean>;
  /** Newest versions of those of these objects that the collection holds. */
  held(collection: string, ids: readonly string[]): Promise<Map<string, HeldObject>>;
  /** Adds versions in this order, each with a time of its own. */
  add(collection: string, versions: readonly NewVersion[]): Promise<void>;
  /** Takes objects out, with every version. */
  remove(collection: string, ids: readonly string[]): Promise<void>;
  /** Notes which objects a report has in the collection; gives those that no report has any more. */
  setReport(
    collection: string,
    report: { id: TaskId; sha256: Sha256; stamp: string },
    objects: readonly string[],
  ): Promise<string[]>;
  /** The collection doesn't hold the report any more; gives objects that no report has any more. */
  dropReport(collection: string, id: TaskId): Promise<string[]>;
}

/**
 * Until the transaction ends, nobody else changes what collections hold: whoever adds waits for who is at it until that is committed, so
 * that no row appears behind one that was seen already. Taken before all other locks.
 */
export async function lockCollections(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('assay_taxii_objects'))`;
}

/** Changes of collections inside the caller's transaction, which holds the lock of all of them. */
export function transactionOf(sql: Sql): PublishingTransaction {
  return {
    async isThere(collection) {
      return (await sql`
        select from taxii_collections where id = ${collection} and not ended for no key update`).length > 0;
    },

    async held(collection, ids) {
      const rows = await sql<(HeldObject & { object_id: string })[]>`
        select o.object_id, o.revoked, c.content from taxii_objects o join taxii_contents c on c.digest = o.digest
        where o.collection = ${collection} and o.object_id = any(${[...ids]}) and o.latest`;
      return new Map(rows.map(({ object_id, content, revoked }) => [object_id, { content, revoked }]));
    },

    async add(collection, versions) {
      if (versions.length === 0) return;
      const rows = versions.map((one) => ({
        ...one,
        digest: createHash("sha256").update(one.content).digest("hex"),
      }));
      // First, so that what is replaced by the same content keeps it.
      await sql`
        insert into taxii_contents (digest, content)
        select distinct on (digest) decode(digest, 'hex'), content from unnest(${
        rows.map(({ digest }) => digest)
      }::text[], ${rows.map(({ content }) => content)}::text[]) as x (digest, content)
        on conflict do nothing`;
      const replaced = rows.filter(({ replaces }) => replaces).map(({ id }) => id);
      await insert(sql, collection, rows);
      if (replaced.length === 0) return;
      await sql`
        delete from taxii_objects
        where collection = ${collection} and object_id = any(${replaced}) and not latest`;
      await sql`
        update taxii_objects set first = true
        where collection = ${collection} and object_id = any(${replaced}) and not first`;
    },

    async remove(collection, ids) {
      if (ids.length === 0) return;
      await sql`
        delete from taxii_objects where collection = ${collection} and object_id = any(${[...ids]})`;
    },

    async setReport(collection, { id, sha256, stamp }, objects) {
      await sql`
        insert into taxii_reports ${sql({ collection, report_id: id, sha256, stamp })}
        on conflict (collection, report_id) do update set stamp = excluded.stamp`;
      const gone = await sql<{ object_id: string }[]>`
        delete from taxii_sources
        where collection = ${collection} and report_id = ${id} and object_id <> all(${[...objects]})
        returning object_id`;
      await sql`
        insert into taxii_sources (collection, report_id, object_id)
        select ${collection}, ${id}, * from unnest(${[...objects]}::text[]) on conflict do nothing`;
      return await withoutSource(sql, collection, gone.map(({ object_id }) => object_id));
    },

    async dropReport(collection, id) {
      const gone = await sql<{ object_id: string }[]>`
        delete from taxii_sources where collection = ${collection} and report_id = ${id} returning object_id`;
      await sql`delete from taxii_reports where collection = ${collection} and report_id = ${id}`;
      return await withoutSource(sql, collection, gone.map(({ object_id }) => object_id));
    },
  };
}

type Row = NewVersion & {
  /** SHA-256 of the content in hexadecimal. */
  readonly digest: string;
};

/** Times follow the newest of the collection by a microsecond each, where the clock isn't further already. */
async function insert(sql: Sql, collection: string, rows: readonly Row[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const earlier = await sql<{ object_id: string }[]>`
    update taxii_objects set latest = false
    where collection = ${collection} and object_id = any(${ids}) and latest returning object_id`;
  const known = new Set(earlier.map(({ object_id }) => object_id));
  await sql`
    with start as (
      select greatest(clock_timestamp(), last_added + interval '1 microsecond') as at
      from taxii_collections where id = ${collection} for no key update
    ), added as (
      insert into taxii_objects
        (collection, added, object_id, type, spec_version, version, first, latest, revoked, size, digest)
      select ${collection}, start.at + (x.place - 1) * interval '1 microsecond', x.id, x.type, x.spec_version,
        coalesce(x.version::timestamptz, start.at + (x.place - 1) * interval '1 microsecond'),
        x.first, true, x.revoked, x.size, decode(x.digest, 'hex')
      from start cross join unnest(${ids}::text[], ${rows.map(({ type }) => type)}::text[], ${
    rows.map(({ specVersion }) => specVersion)
  }::text[], ${rows.map(({ version }) => version)}::text[], ${
    rows.map(({ id }) => String(!known.has(id)))
  }::text[]::boolean[], ${rows.map(({ revoked }) => String(revoked))}::text[]::boolean[], ${
    rows.map(({ content }) => content.length)
  }::int[], ${rows.map(({ digest }) => digest)}::text[])
        with ordinality as x (id, type, spec_version, version, first, revoked, size, digest, place)
      returning added
    )
    update taxii_collections set last_added = (select max(added) from added) where id = ${collection}`;
}

async function withoutSource(sql: Sql, collection: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await sql<{ id: string }[]>`
    select x.id from unnest(${[...ids]}::text[]) as x (id)
    where not exists (select from taxii_sources s where s.collection = ${collection} and s.object_id = x.id)`;
  return rows.map(({ id }) => id);
}
