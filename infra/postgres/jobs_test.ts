import { type JobId, type KeyId, newId } from "@assay/core";
import assert from "node:assert/strict";
import { createJobs } from "./jobs.ts";
import { testSql } from "./testing.ts";

Deno.test("claim() gives each job to one worker, the oldest of its kinds first", async () => {
  await using database = await testSql();
  const jobs = createJobs(database.sql);
  const made = [];
  for (let at = 0; at < 6; at++) made.push(await jobs.create("reindex", { at }, null));
  await jobs.create("other", {}, null);
  const workers = Array.from({ length: 8 }, (_, at) => `w${at}`);
  const claims = await Promise.all(workers.map((worker) => jobs.claim(["reindex"], worker, 60_000)));
  const ids = claims.flatMap((job) => job === null ? [] : [job.id]);
  assert.deepEqual(ids.toSorted(), made.map(({ id }) => id));
  assert.equal(await jobs.claim(["reindex"], "w9", 60_000), null);
  assert.equal(await jobs.claim([], "w9", 60_000), null);
});

Deno.test("progress() and finish() are the claimer's alone", async () => {
  await using database = await testSql();
  const jobs = createJobs(database.sql);
  const { id } = await jobs.create("reindex", { to: 2 }, null);
  assert.equal(await jobs.progress(id, "w1", 1, 10, 60_000), false, "nobody has claimed it");
  assert.equal((await jobs.claim(["reindex"], "w1", 0))!.id, id);
  assert.equal(await jobs.progress(id, "w1", 3, 10, 0), true);
  assert.equal((await jobs.claim(["reindex"], "w2", 60_000))!.done, 3, "its lease ran out");
  assert.equal(await jobs.progress(id, "w1", 4, 10, 60_000), false);
  assert.equal(await jobs.finish(id, "w1", { result: {} }), false);
  assert.equal(await jobs.finish(id, "w2", { result: { "a\0": "b\ud800" } }), true);
  const job = (await jobs.find(id))!;
  assert.deepEqual([job.status, job.done, job.total, job.error], ["complete", 3, 10, null]);
  assert.deepEqual(job.result, { "a\ufffd": "b\ufffd" });
  assert.notEqual(job.finished, null);
});

Deno.test("cancel() ends a job; its worker hears it by progress()", async () => {
  await using database = await testSql();
  const jobs = createJobs(database.sql);
  const { id } = await jobs.create("reindex", {}, null);
  await jobs.claim(["reindex"], "w", 60_000);
  assert.equal((await jobs.cancel(id))!.status, "cancelled");
  assert.equal(await jobs.progress(id, "w", 1, null, 60_000), false);
  assert.equal(await jobs.finish(id, "w", { error: "late" }), false);
  const failed = await jobs.create("reindex", {}, null);
  await jobs.claim(["reindex"], "w", 60_000);
  await jobs.finish(failed.id, "w", { error: "disk\0full" });
  assert.equal((await jobs.cancel(failed.id))!.status, "failed", "what has ended stays");
  assert.equal((await jobs.find(failed.id))!.error, "disk\ufffdfull");
  assert.equal(await jobs.cancel(newId<JobId>()), null);
});

Deno.test("list() pages through jobs, newest first", async () => {
  await using database = await testSql();
  const jobs = createJobs(database.sql);
  const made: JobId[] = [];
  for (let at = 0; at < 3; at++) made.unshift((await jobs.create("reindex", {}, null)).id);
  const one = await jobs.list({ size: 2 }, null);
  const two = await jobs.list({ size: 2, cursor: one.cursor! }, null);
  assert.deepEqual([...one.items, ...two.items].map(({ id }) => id), made);
  await assert.rejects(jobs.list({ size: 2, cursor: "?" }, null), { name: "CursorError" });
});

Deno.test("list() and count() tell of one kind and owner; remove() takes a job from its process", async () => {
  await using database = await testSql();
  const jobs = createJobs(database.sql);
  const owner = newId<KeyId>();
  await database.sql`insert into keys ${
    database.sql({ id: owner, name: "k", secret_hash: new Uint8Array(32), scopes: ["read"], max_tlp: 1 })
  }`;
  const long = new Date(0);
  const { id } = await jobs.create("export", {}, owner);
  await jobs.create("other", {}, owner);
  await jobs.create("export", {}, null);
  assert.deepEqual((await jobs.list({ size: 5 }, owner, "export")).items.map((job) => job.id), [id]);
  assert.equal(await jobs.count("export", owner, long), 1);
  await jobs.claim(["export"], "w", 60_000);
  await jobs.finish(id, "w", { result: {} });
  assert.equal(await jobs.count("export", owner, long), 1);
  assert.equal(await jobs.count("export", owner, new Date(Date.now() + 60_000)), 0);
  const failed = await jobs.create("export", {}, owner);
  await jobs.cancel(failed.id);
  assert.equal(await jobs.count("export", owner, long), 1);
  const running = await jobs.create("reindex", {}, owner);
  await jobs.claim(["reindex"], "w", 60_000);
  assert.equal(await jobs.remove(running.id), true);
  assert.equal(await jobs.progress(running.id, "w", 1, null, 60_000), false);
  assert.equal(await jobs.remove(running.id), false);
});
