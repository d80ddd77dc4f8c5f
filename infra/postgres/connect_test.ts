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
