import type { Sha256 } from "@assay/core";
import { CursorError } from "../page.ts";
import type { Sql } from "./connect.ts";
import { after, pageOf } from "./paging.ts";
import type { KnownHash, KnownHashes } from "./repositories.ts";
import { storableJson } from "./storable.ts";

/** Hash and source of the last row: what the list is ordered by. */
const POSITION = /^([0-9a-f]{32,64}) (.{1,200})$/s;

/** The table of known-good and known-bad hashes in PostgreSQL. */
export function createKnownHashes(pool: Sql): KnownHashes {
  return {
    async put(hashes) {
      const kept = hashes.map(storableJson);
      const distinct = [...new Map(kept.map((hash) => [`${hash.value} ${hash.source}`, hash])).values()];
      if (distinct.length === 0) return 0;
      const column = <K extends keyof KnownHash>(key: K) => distinct.map((hash) => hash[key]);
      const rows = await pool`
        insert into known_hashes (algorithm, value, verdict, source, note)
        select * from unnest(${column("algorithm")}::text[], ${column("value")}::text[], ${
        column("verdict")
      }::text[],
          ${column("source")}::text[], ${column("note")}::text[])
        on conflict (value, source) do update set verdict = excluded.verdict, note = excluded.note returning value`;
      return rows.length;
    },
    async remove(value) {
      return (await pool`delete from known_hashes where value = ${value} returning value`).length;
    },
    async match(digests) {
      const owners = new Map<string, Sha256[]>();
      for (const { sha256, sha1, md5 } of digests) {
        for (const value of [sha256, sha1, md5]) {
          if (value !== undefined) owners.set(value, [...owners.get(value) ?? [], sha256]);
        }
      }
      const rows = await pool<KnownHash[]>`
        select algorithm, value, verdict, source, note from known_hashes where value = any(${[
        ...owners.keys(),
      ]})
        order by value, source`;
      const found = new Map<Sha256, KnownHash[]>();
      for (const row of rows) {
        for (const sha256 of owners.get(row.value) ?? []) {
          found.set(sha256, [...found.get(sha256) ?? [], row]);
        }
      }
      return found;
    },
    async list(page) {
      const last = after(page, POSITION);
      const [, value, source] = last === null ? [] : POSITION.exec(last) ?? refuse();
      const rows = await pool<KnownHash[]>`
        select algorithm, value, verdict, source, note from known_hashes
        ${value === undefined ? pool`` : pool`where (value, source) > (${value}, ${source!})`}
        order by value, source limit ${page.size + 1}`;
      return pageOf(rows, page.size, (hash) => `${hash.value} ${hash.source}`);
    },
  };
}

function refuse(): never {
  throw new CursorError("Cannot read cursor: expected one that this list gave");
}
