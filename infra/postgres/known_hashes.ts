import { isWithin, type Tlp, tlpOfRank, tlpRank, type Visibility } from "@assay/core";
import { CursorError } from "../page.ts";
import type { Fragment, Sql } from "./connect.ts";
import { after, pageOf } from "./paging.ts";
import type { KnownHash, KnownHashes } from "./repositories.ts";
import { storableJson } from "./storable.ts";

/** Hash, source and import of the last row: what the list is ordered by. */
const POSITION = /^([0-9a-f]{32,64}) ([0-9A-Z]{26})? (.{1,200})$/s;

type KnownHashRow = Omit<KnownHash, "tlp"> & { readonly tlp: number };

/** The table of known-good and known-bad hashes in PostgreSQL. */
export function createKnownHashes(pool: Sql): KnownHashes {
  return {
    put: (hashes) => putKnownHashes(pool, hashes, null),
    async remove(value) {
      return (await pool`delete from known_hashes where value = ${value} returning value`).length;
    },
    async match(digests) {
      const values = digests.flatMap(valuesOf);
      const rows = values.length === 0 ? [] : await pool<KnownHashRow[]>`
        select ${columns(pool)} from known_hashes where value = any(${values})
        order by value, source, coalesce(import_id, '')`;
      const byValue = Map.groupBy(rows.map(toKnownHash), ({ value }) => value);
      return digests.map((one) =>
        distinct(
          valuesOf(one).flatMap((value) => byValue.get(value) ?? []).filter(({ tlp }) =>
            isWithin(tlp, one.tlp)
          ),
        )
      );
    },
    async list(page, visibility) {
      const last = after(page, POSITION);
      const [, value, id, source] = last === null ? [] : POSITION.exec(last) ?? refuse();
      const rows = await pool<KnownHashRow[]>`
        select ${columns(pool)} from known_hashes where ${visibleEntry(pool, visibility)} ${
        value === undefined
          ? pool``
          : pool`and (value, source, coalesce(import_id, '')) > (${value}, ${source!}, ${id ?? ""})`
      }
        order by value, source, coalesce(import_id, '') limit ${page.size + 1}`;
      return pageOf(
        rows.map(toKnownHash),
        page.size,
        ({ value, source, importId }) => `${value} ${importId ?? ""} ${source}`,
      );
    },
  };
}

/** Adds entries, or changes those that the same source and import brought before. Gives how many there are of them. */
export async function putKnownHashes(
  sql: Sql,
  hashes: readonly Omit<KnownHash, "importId">[],
  importId: string | null,
): Promise<number> {
  const kept = hashes.map(storableJson);
  const distinct = [...new Map(kept.map((hash) => [`${hash.value} ${hash.source}`, hash])).values()];
  if (distinct.length === 0) return 0;
  const column = <K extends keyof KnownHash & keyof (typeof distinct)[number]>(key: K) =>
    distinct.map((hash) => hash[key]);
  const rows = await sql`
    insert into known_hashes (algorithm, value, verdict, source, note, tlp, import_id)
    select *, ${importId}::text from unnest(${column("algorithm")}::text[], ${column("value")}::text[],
      ${column("verdict")}::text[], ${column("source")}::text[], ${column("note")}::text[],
      ${column("tlp").map(tlpRank)}::smallint[])
    on conflict (value, source, (coalesce(import_id, ''))) do update
      set verdict = excluded.verdict, note = excluded.note, tlp = excluded.tlp returning value`;
  return rows.length;
}

function valuesOf({ sha256, sha1, md5 }: { sha256: string; sha1?: string; md5?: string }): string[] {
  return [sha256, sha1, md5].filter((value) => value !== undefined);
}

/** What several imports of one source say alike counts once. */
function distinct(entries: readonly KnownHash[]): KnownHash[] {
  return [
    ...new Map(entries.map((one) => [JSON.stringify([one.value, one.source, one.verdict, one.note]), one]))
      .values(),
  ];
}

/** Entries have no owner: those of an import are its owner's. */
function visibleEntry(sql: Sql, { reader, maxTlp }: Visibility): Fragment {
  const within = sql`tlp <= ${tlpRank(maxTlp)}`;
  return reader === null ? within : sql`(${within} or exists (
    select from imports i where i.id = known_hashes.import_id and i.owner = ${reader}))`;
}

function columns(sql: Sql): Fragment {
  return sql`algorithm, value, verdict, source, note, tlp, import_id as "importId"`;
}

function toKnownHash({ tlp, ...row }: KnownHashRow): KnownHash {
  return { ...row, tlp: tlpOfRank(tlp) as Tlp };
}

function refuse(): never {
  throw new CursorError("Cannot read cursor: expected one that this list gave");
}
