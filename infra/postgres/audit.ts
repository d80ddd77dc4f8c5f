import type { KeyId } from "@assay/core";
import type postgres from "postgres";
import type { Sql } from "./connect.ts";
import { after, NUMBER, pageOf } from "./paging.ts";
import type { Audit, AuditEntry } from "./repositories.ts";
import { storable, storableJson } from "./storable.ts";
import { instant } from "./task_row.ts";

/** The audit trail in PostgreSQL. */
export function createAudit(pool: Sql): Audit {
  return {
    async append({ keyId, keyName, action, target, address, detail }) {
      await pool`insert into audit ${
        pool({
          key_id: keyId,
          key_name: storable(keyName),
          action,
          target: storable(target),
          address: storable(address),
          detail: pool.json(storableJson(detail) as postgres.JSONValue),
        })
      }`;
    },
    async list(filter, page) {
      const last = after(page, NUMBER);
      const rows = await pool<(Omit<AuditEntry, "at"> & { at: Date; keyId: KeyId | null })[]>`
        select id::text, at, key_id as "keyId", key_name as "keyName", action, target, address, detail from audit
        where true ${filter.action === undefined ? pool`` : pool`and action = ${filter.action}`}
          ${filter.keyId === undefined ? pool`` : pool`and key_id = ${filter.keyId}`}
          ${last === null ? pool`` : pool`and id < ${last}`}
        order by audit.id desc limit ${page.size + 1}`;
      return pageOf(rows.map((row) => ({ ...row, at: instant(row.at) })), page.size, ({ id }) => id);
    },
  };
}
