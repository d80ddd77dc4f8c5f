import { createHash } from "node:crypto";
import type { Sql } from "./connect.ts";

/** Any number of processes may migrate at the same time: one does, the others wait for it. */
const LOCK = 0x41535359;

/** A migration as it lies in `migrations/`. */
export interface Migration {
  /** e.g. `0001_work`. */
  readonly name: string;
  readonly sql: string;
}

/** Reads the migrations of this version, in order. */
export async function readMigrations(): Promise<Migration[]> {
  const folder = new URL("./migrations/", import.meta.url);
  const names = (await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name)).filter((name) =>
    name.endsWith(".sql")
  );
  return await Promise.all(
    names.sort().map(async (name) => ({
      name: name.slice(0, -".sql".length),
      sql: await Deno.readTextFile(new URL(name, folder)),
    })),
  );
}

/**
 * Brings the database to this version, forward only; gives the names applied.
 * @throws {Error} where a migration was changed after it was applied, or the database is newer than this version
 */
export async function migrate(sql: Sql, migrations?: readonly Migration[]): Promise<string[]> {
  const known = migrations ?? await readMigrations();
  return await sql.begin(async (tx) => {
    // Another may be long at it, and a migration over many rows takes its time.
    await tx`set local statement_timeout = 0`;
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    await tx`create table if not exists migrations (
      name text primary key, checksum text not null, applied timestamptz not null default now())`;
    const applied = await tx<
      { name: string; checksum: string }[]
    >`select name, checksum from migrations order by name`;
    const byName = new Map(known.map((migration) => [migration.name, migration]));
    for (const { name, checksum } of applied) {
      const migration = byName.get(name);
      if (!migration) {
        throw new Error(`Cannot migrate: the database has '${name}', so it is newer than this version`);
      }
      if (checksumOf(migration) !== checksum) {
        throw new Error(
          `Cannot migrate: '${name}' was changed after it was applied; add a new migration instead`,
        );
      }
    }
    const fresh = known.filter(({ name }) => !applied.some((one) => one.name === name));
    for (const migration of fresh) {
      await tx.unsafe(migration.sql);
      await tx`insert into migrations ${tx({ name: migration.name, checksum: checksumOf(migration) })}`;
    }
    return fresh.map(({ name }) => name);
  });
}

function checksumOf({ sql }: Migration): string {
  return createHash("sha256").update(sql).digest("hex");
}
