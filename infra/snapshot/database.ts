import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Fragment, Sql } from "../postgres/connect.ts";
import { migrate, readMigrations } from "../postgres/migrate.ts";
import type { Manifest } from "./manifest.ts";

type Dump = Pick<Manifest, "migrations" | "tables" | "sequences">;

/** Writes every table, as one moment of the database, into files of a folder: PostgreSQL's own text form, with gzip. */
export async function dumpDatabase(pool: Sql, folder: string, signal: AbortSignal): Promise<Dump> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  return await pool.begin("isolation level repeatable read read only", async (tx) => {
    const sql = tx as unknown as Sql;
    await sql`set local statement_timeout = 0`;
    const applied = await sql<{ name: string }[]>`select name from migrations order by name`;
    const tables: Dump["tables"] = [];
    for (const name of await tableNames(sql)) {
      signal.throwIfAborted();
      const columns = await columnNames(sql, name);
      const [{ rows } = { rows: 0 }] = await sql<{ rows: number }[]>`select count(*)::int as rows from ${
        sql(name)
      }`;
      const from = await sql`copy ${target(sql, name, columns)} to stdout`.readable();
      const to = createWriteStream(fileOf(folder, name), { mode: 0o600 });
      await pipeline(from, createGzip({ level: 1 }), to, { signal });
      tables.push({ name, columns, rows });
    }
    const sequences = await sql<{ name: string; value: string }[]>`
      select sequencename as name, coalesce(last_value, start_value)::text as value from pg_sequences
      where schemaname = 'public' and last_value is not null`;
    return {
      migrations: applied.map(({ name }) => name),
      tables,
      sequences: Object.fromEntries(sequences.map(({ name, value }) => [name, value])),
    };
  }) as Dump;
}

/**
 * Replaces the database by that of a snapshot, in one transaction, then brings it to this version.
 * @throws {Error} where the snapshot is of a later version, or a table is not whole
 */
export async function loadDatabase(
  pool: Sql,
  folder: string,
  dump: Dump,
  signal: AbortSignal,
): Promise<void> {
  const known = await readMigrations();
  const then = dump.migrations.map((name) => known.find((migration) => migration.name === name));
  const unknown = dump.migrations.find((_, at) => then[at] === undefined);
  if (unknown !== undefined) {
    throw new Error(`Cannot restore: the snapshot has '${unknown}', so it is of a newer version`);
  }
  await pool.begin(async (tx) => {
    const sql = tx as unknown as Sql;
    await sql`set local statement_timeout = 0`;
    await sql`drop schema public cascade`;
    await sql`create schema public`;
  });
  await migrate(pool, then.map((migration) => migration!));
  await pool.begin(async (tx) => {
    const sql = tx as unknown as Sql;
    await sql`set local statement_timeout = 0`;
    // Rows that migrations make are in the dump as they became.
    await sql`truncate ${sql(dump.tables.map(({ name }) => name))}`;
    for (const { name, columns, rows } of dump.tables) {
      signal.throwIfAborted();
      // What triggers keep is in the dump itself.
      await sql`alter table ${sql(name)} disable trigger user`;
      const to = await sql`copy ${target(sql, name, columns)} from stdin`.writable();
      await pipeline(createReadStream(fileOf(folder, name)), createGunzip(), to, { signal });
      await sql`alter table ${sql(name)} enable trigger user`;
      const [{ count } = { count: 0 }] = await sql<{ count: number }[]>`select count(*)::int as count from ${
        sql(name)
      }`;
      if (count !== rows) {
        throw new Error(`Cannot restore table '${name}': expected ${rows} rows, got ${count}`);
      }
    }
    for (const [name, value] of Object.entries(dump.sequences)) {
      await sql`select setval(${name}, ${value}::bigint)`;
    }
  });
  await migrate(pool);
}

/** Tables but for the list of migrations; each refers to earlier ones, or to itself, only. */
async function tableNames(sql: Sql): Promise<string[]> {
  const tables = await sql<{ name: string; needs: string[] }[]>`
    select c.relname as name, coalesce(array_agg(distinct f.relname::text) filter (where f.relname <> c.relname), '{}') as needs
    from pg_class c left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
      left join pg_class f on f.oid = k.confrelid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'migrations'
    group by c.relname order by c.relname`;
  const ordered: string[] = [];
  while (ordered.length < tables.length) {
    const next = tables.filter(({ name, needs }) =>
      !ordered.includes(name) && needs.every((need) => ordered.includes(need))
    );
    if (next.length === 0) throw new Error("Cannot order tables: they refer to each other in a circle");
    ordered.push(...next.map(({ name }) => name));
  }
  return ordered;
}

async function columnNames(sql: Sql, table: string): Promise<string[]> {
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`;
  return columns.map(({ name }) => name);
}

function target(sql: Sql, table: string, columns: readonly string[]): Fragment {
  return sql`${sql(table)} (${sql([...columns])})`;
}

function fileOf(folder: string, table: string): string {
  return join(folder, `${table}.copy.gz`);
}
