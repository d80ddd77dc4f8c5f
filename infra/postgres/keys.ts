import { KeyId, newId, tlpOfRank, tlpRank } from "@assay/core";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Sql } from "./connect.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { type ApiKey, type Keys, type KeyScope, keyScopes } from "./repositories.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";

interface KeyRow {
  readonly id: KeyId;
  readonly name: string;
  readonly secret_hash: Uint8Array;
  readonly scopes: KeyScope[];
  readonly max_tlp: number;
  readonly created: Date;
  readonly expires: Date | null;
  readonly revoked: Date | null;
  readonly last_used: Date | null;
}

const TEXT = /^assay_([0-9A-HJKMNP-TV-Z]{26})_([A-Za-z0-9_-]{43})$/;

/** API keys in PostgreSQL. */
export function createKeys(pool: Sql): Keys {
  return {
    async create({ name, scopes, maxTlp, expires }) {
      const secret = crypto.getRandomValues(new Uint8Array(32)).toBase64({
        alphabet: "base64url",
        omitPadding: true,
      });
      const id = newId<KeyId>();
      const [row] = await pool<KeyRow[]>`
        insert into keys ${
        pool({
          id,
          name: storable(name),
          secret_hash: hashOf(secret),
          scopes: [...scopes],
          max_tlp: tlpRank(maxTlp),
          expires,
        })
      } returning *`;
      return { key: toKey(row!), text: `assay_${id}_${secret}` };
    },
    async ensure(text, name) {
      const { id, secret } = split(text) ?? refuse();
      const [row] = await pool<KeyRow[]>`
        insert into keys ${
        pool({ id, name, secret_hash: hashOf(secret), scopes: [...keyScopes], max_tlp: tlpRank("red") })
      } on conflict (id) do update set secret_hash = excluded.secret_hash, scopes = excluded.scopes,
        max_tlp = excluded.max_tlp returning *`;
      return toKey(row!);
    },
    async authenticate(text) {
      const parts = split(text);
      if (!parts) return null;
      const [row] = await pool<KeyRow[]>`select * from keys where id = ${parts.id}`;
      if (!row || !timingSafeEqual(hashOf(parts.secret), row.secret_hash)) return null;
      // Once a minute is enough to see whether a key is still in use.
      const stale = row.last_used === null || row.last_used.getTime() < Date.now() - 60_000;
      if (stale) await pool`update keys set last_used = now() where id = ${row.id}`;
      return toKey(row);
    },
    async list(page) {
      const last = after(page, ULID);
      const rows = await pool<KeyRow[]>`
        select * from keys ${last === null ? pool`` : pool`where id < ${last}`}
        order by id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toKey), page.size, ({ id }) => id);
    },
    async find(id) {
      const [row] = await pool<KeyRow[]>`select * from keys where id = ${id}`;
      return row ? toKey(row) : null;
    },
    async revoke(id) {
      const [row] = await pool<KeyRow[]>`
        update keys set revoked = coalesce(revoked, now()) where id = ${id} returning *`;
      return row ? toKey(row) : null;
    },
  };
}

/** Why a known key may not be used any more; null where it may. */
export function lapseOf(
  key: Pick<ApiKey, "revoked" | "expires">,
  now: Date,
): "revoked-key" | "expired-key" | null {
  if (key.revoked !== null) return "revoked-key";
  return key.expires !== null && Date.parse(key.expires) <= now.getTime() ? "expired-key" : null;
}

/** True where a key of these scopes may do what needs `scope`; `admin` includes the rest. */
export function allows(scopes: readonly KeyScope[], scope: KeyScope): boolean {
  return scopes.includes(scope) || scopes.includes("admin");
}

function split(text: string): { id: KeyId; secret: string } | null {
  const match = TEXT.exec(text);
  return match && { id: match[1] as KeyId, secret: match[2]! };
}

function refuse(): never {
  throw new SyntaxError("Cannot read key: expected 'assay_', a ULID, '_' and 43 characters of base64url");
}

function hashOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

function toKey(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    maxTlp: tlpOfRank(row.max_tlp),
    created: instant(row.created),
    expires: row.expires && instant(row.expires),
    revoked: row.revoked && instant(row.revoked),
    lastUsed: row.last_used && instant(row.last_used),
  };
}
