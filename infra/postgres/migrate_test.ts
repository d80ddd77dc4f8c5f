import assert from "node:assert/strict";
import { testDatabase } from "../stack/testing.ts";
import { connectPostgres, type Sql } from "./connect.ts";
import { migrate, readMigrations } from "./migrate.ts";

async function withSql(use: (sql: Sql) => Promise<void>): Promise<void> {
  await using database = await testDatabase();
  const sql = connectPostgres({ url: database.url, name: "test", max: 6 });
  try {
    await use(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const one = { name: "0001_one", sql: "create table one (id int); insert into one values (1)" };
const two = { name: "0002_two", sql: "create table two (id int)" };

Deno.test("migrate() applies what is missing, in order, once, whoever else migrates", async () => {
  await withSql(async (sql) => {
    assert.deepEqual(await migrate(sql, [one]), ["0001_one"]);
    const ends = await Promise.all([1, 2, 3, 4].map(() => migrate(sql, [one, two])));
    assert.deepEqual(ends.flat(), ["0002_two"]);
    assert.equal((await sql`select from one`).length, 1);
  });
});

Deno.test("migrate() refuses a changed migration and a newer database", async () => {
  await withSql(async (sql) => {
    await migrate(sql, [one, two]);
    await assert.rejects(migrate(sql, [one, { ...two, sql: `${two.sql} ` }]), /'0002_two' was changed/);
    await assert.rejects(migrate(sql, [one]), /has '0002_two', so it is newer/);
  });
});

Deno.test("migrate() leaves nothing of a migration that fails, nor of those before it", async () => {
  await withSql(async (sql) => {
    const broken = { name: "0002_broken", sql: "create table half (id int); select 1/0" };
    await assert.rejects(migrate(sql, [one, broken]), /division by zero/);
    const [row] = await sql`select to_regclass('one') as one, to_regclass('half') as half`;
    assert.deepEqual({ ...row }, { one: null, half: null });
    assert.deepEqual(await migrate(sql, [one, two]), ["0001_one", "0002_two"]);
  });
});

Deno.test("readMigrations() gives the files in order; they make the database", async () => {
  const migrations = await readMigrations();
  assert.ok(migrations.every(({ name }) => /^\d{4}_[a-z_]+$/.test(name)));
  await withSql(async (sql) => {
    assert.deepEqual(await migrate(sql), migrations.map(({ name }) => name));
    assert.deepEqual(await migrate(sql), []);
  });
});
