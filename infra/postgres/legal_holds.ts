import type { KeyId, Sha256, Timestamp } from "@assay/core";
import type { Page, PageRequest } from "../page.ts";
import type { Sql } from "./connect.ts";
import { after, pageOf } from "./paging.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";

/** A legal hold: nothing of the sample may be deleted. */
export interface LegalHold {
  readonly sha256: Sha256;
  readonly reason: string;
  readonly keyId: KeyId;
  readonly keyName: string;
  readonly at: Timestamp;
}

/** Samples of which nothing may be deleted. */
export interface LegalHolds {
  /** LegalHolds a sample; one that is held gets the new reason. Null where there is no such sample. */
  put(hold: Omit<LegalHold, "at">): Promise<LegalHold | null>;
  /** Gives what it was; null where it wasn't held. */
  remove(sha256: Sha256): Promise<LegalHold | null>;
  list(page: PageRequest): Promise<Page<LegalHold>>;
}

type LegalHoldRow = Omit<LegalHold, "at"> & { readonly at: Date };

/** LegalHolds in PostgreSQL. */
export function createLegalHolds(pool: Sql): LegalHolds {
  const columns = pool`sha256, reason, key_id as "keyId", key_name as "keyName", at`;
  const toLegalHold = (row: LegalHoldRow): LegalHold => ({ ...row, at: instant(row.at) });
  return {
    async put({ sha256, reason, keyId, keyName }) {
      const [row] = await pool<LegalHoldRow[]>`
        insert into legal_holds (sha256, reason, key_id, key_name)
        select sha256, ${storable(reason)}, ${keyId}, ${
        storable(keyName)
      } from samples where sha256 = ${sha256}
          for no key update
        on conflict (sha256) do update
          set reason = excluded.reason, key_id = excluded.key_id, key_name = excluded.key_name, at = now()
        returning ${columns}`;
      return row ? toLegalHold(row) : null;
    },
    async remove(sha256) {
      const [row] = await pool<
        LegalHoldRow[]
      >`delete from legal_holds where sha256 = ${sha256} returning ${columns}`;
      return row ? toLegalHold(row) : null;
    },
    async list(page) {
      const last = after(page, /^[0-9a-f]{64}$/);
      const rows = await pool<LegalHoldRow[]>`
        select ${columns} from legal_holds ${last === null ? pool`` : pool`where sha256 > ${last}`}
        order by sha256 limit ${page.size + 1}`;
      return pageOf(rows.map(toLegalHold), page.size, ({ sha256 }) => sha256);
    },
  };
}
