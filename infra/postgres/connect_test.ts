import assert from "node:assert/strict";
import { connectPostgres } from "./connect.ts";
import { testSql } from "./testing.ts";

Deno.test("connectPostgres() names its connections and goes on after they are lost", async () => {
  await using database = await testSql();
  const sql = connectPostgres({ url: database.url, name: "lost", max: 2 });
  const ask = async () => {
    const [row] = await sql`
      select pg_backend_pid() as pid, current_setting('application_name') as name,
        current_setting('statement_timeout') as timeout, current_setting('TimeZone') as zone`;
    return row!;
  };
  const before = await ask();
  assert.deepEqual([before["name"], before["timeout"], before["zone"]], ["assay lost", "1min", "UTC"]);
  await database
    .sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'assay lost'`;
  // A statement that meets the lost connection may fail; the next one doesn't.
  const after = await ask().catch(ask);
  assert.notEqual(after["pid"], before["pid"]);
  await sql.end({ timeout: 5 });
});

Deno.test("connectPostgres() opens no more connections than it may", async () => {
  await using database = await testSql();
  const sql = connectPostgres({ url: database.url, name: "few", max: 3 });
  const pids = await Promise.all(Array.from({ length: 30 }, () => sql`select pg_backend_pid() as pid`));
  assert.ok(new Set(pids.map(([row]) => row!["pid"])).size <= 3);
  await sql.end({ timeout: 5 });
});

Deno.test("connectPostgres() takes and gives arrays from its first statement on", async () => {
  await using database = await testSql();
  const texts = ['a,"b"', "{\\}", "", "null", "é\u202e"];
  const sql = connectPostgres({ url: database.url, name: "arrays", max: 3 });
  const rows = await Promise.all(Array.from({ length: 3 }, () =>
    sql`
      select ${texts}::text[] as texts, ${[1, -2]}::int[] as ints, ${[
      "9007199254740993",
    ]}::bigint[] as bigints, ${[7]}::smallint[] as smallints, ${[
      0.5,
      null,
    ]}::real[] as reals, ${[]}::text[] as none,
        'b' = any(${["a", "b"]}) as found`));
  for (const [row] of rows) {
    assert.deepEqual({ ...row }, {
      texts,
      ints: [1, -2],
      bigints: ["9007199254740993"],
      smallints: [7],
      reals: [0.5, null],
      none: [],
      found: true,
    });
  }
  await sql.end({ timeout: 5 });
});
