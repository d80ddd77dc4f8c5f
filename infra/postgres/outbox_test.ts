import assert from "node:assert/strict";
import type { Sql } from "./connect.ts";
import { createOutbox } from "./outbox.ts";
import type { OutboxRow } from "./repositories.ts";
import { createSubmissions } from "./submissions.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

async function fill(sql: Sql, count: number): Promise<void> {
  await sql`
    insert into outbox (subject, message_id, payload)
    select 'tasks.bulk', 'm' || n, jsonb_build_object('n', n) from generate_series(1, ${count}::int) n`;
}

Deno.test("relay() hands rows on in order and deletes them", async () => {
  await using database = await testSql();
  await fill(database.sql, 5);
  const outbox = createOutbox(database.sql);
  const ids: string[] = [];
  const publish = (rows: readonly OutboxRow[]) =>
    Promise.resolve(void ids.push(...rows.map((r) => r.messageId)));
  assert.deepEqual([await outbox.relay(publish, 3), await outbox.relay(publish, 3)], [3, 2]);
  assert.deepEqual(ids, ["m1", "m2", "m3", "m4", "m5"]);
  assert.equal(await outbox.relay(publish, 3), 0);
});

Deno.test("relay() keeps rows that could not be published, so that they come again under the same ids", async () => {
  await using database = await testSql();
  await fill(database.sql, 2);
  const outbox = createOutbox(database.sql);
  await assert.rejects(outbox.relay(() => Promise.reject(new Error("no queue")), 10), /no queue/);
  const ids: string[] = [];
  await outbox.relay((rows) => Promise.resolve(void ids.push(...rows.map((r) => r.messageId))), 10);
  assert.deepEqual(ids, ["m1", "m2"]);
});

Deno.test("relay() lets others pass by: each row is with one relay at a time", async () => {
  await using database = await testSql();
  await fill(database.sql, 6);
  const outbox = createOutbox(database.sql);
  const ids: string[] = [];
  await outbox.relay(async (rows) => {
    ids.push(...rows.map((r) => r.messageId));
    await outbox.relay((more) => Promise.resolve(void ids.push(...more.map((r) => r.messageId))), 4);
  }, 2);
  assert.deepEqual(ids, ["m1", "m2", "m3", "m4", "m5", "m6"]);
});

Deno.test("onWaiting() wakes a relay once a submission is committed", async () => {
  await using database = await testSql();
  const { sql } = database;
  const stop = new AbortController();
  let woken = Promise.withResolvers<void>();
  await createOutbox(sql).onWaiting(() => woken.resolve(), stop.signal);
  await woken.promise; // it looks once when it begins to listen
  woken = Promise.withResolvers();
  const owner = await testKey(sql);
  const visibility = { reader: owner.id, maxTlp: "red" } as const;
  await createSubmissions(sql).create(testSubmission(owner, [testFile("a")]), visibility);
  await woken.promise;
  stop.abort();
});
