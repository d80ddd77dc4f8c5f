import assert from "node:assert/strict";
import { testDatabase } from "../stack/testing.ts";
import { connectPostgres } from "./connect.ts";
import { exclusively } from "./exclusive.ts";

Deno.test("exclusively() turns a second process away until the first is done, failed or gone", async () => {
  await using database = await testDatabase();
  const { url } = database;
  const sql = connectPostgres({ url, name: "test", max: 1 });
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const first = exclusively(url, "reindex", async () => {
    entered.resolve();
    await leave.promise;
    return 1;
  });
  await entered.promise;
  await assert.rejects(exclusively(url, "reindex", () => Promise.resolve(2)), { name: "OccupiedError" });
  assert.equal(await exclusively(url, "something else", () => Promise.resolve(2)), 2);
  leave.resolve();
  assert.equal(await first, 1);
  await assert.rejects(exclusively(url, "reindex", () => Promise.reject(new Error("failed"))), /failed/);
  await exclusively(url, "reindex", async () => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'assay reindex'`;
    assert.equal(await exclusively(url, "reindex", () => Promise.resolve(3)), 3);
  });
  await sql.end();
});
