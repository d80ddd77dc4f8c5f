import { EVERYTHING } from "@assay/core";
import assert from "node:assert/strict";
import type { Completion, Hold } from "./repositories.ts";
import { createSubmissions } from "./submissions.ts";
import { createTasks } from "./tasks.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

const HOSTILE = "a\0b\ud800c";
const KEPT = "a\ufffdb\ufffdc";

function completion(hold: Hold, reason: string | null = null): Completion {
  const run = { module: "pe", status: "error", reason, version: reason, durationMs: 1, cached: false };
  return { hold, revision: 1, verdict: "benign", score: 12.5, fileType: reason ?? "pe", runs: [run] };
}

Deno.test("complete() ends a task at once that was cancelled while it ran", async () => {
  await using database = await testSql();
  const { sql } = database;
  const tasks = createTasks(sql);
  const files = ["a", "b"].map(testFile);
  const made = await createSubmissions(sql).create(testSubmission(await testKey(sql), files), EVERYTHING);
  const holds = made.tasks.map(({ id, attempt }) => ({ taskId: id, attempt }));
  await tasks.claim(holds, "w", 60_000);
  assert.equal((await tasks.cancel(holds[0]!.taskId, EVERYTHING))!.status, "running");
  assert.deepEqual(await tasks.complete(holds.map((hold) => completion(hold))), [holds[1]]);
  const found = await Promise.all(holds.map(({ taskId }) => tasks.find(taskId, EVERYTHING)));
  assert.deepEqual(found.map((task) => [task!.status, task!.reportId]), [
    ["cancelled", null],
    ["complete", holds[1]!.taskId],
  ]);
});

Deno.test("fail() does not bring back a task that was cancelled while it ran", async () => {
  await using database = await testSql();
  const { sql } = database;
  const tasks = createTasks(sql);
  const made = await createSubmissions(sql).create(
    testSubmission(await testKey(sql), [testFile("a")]),
    EVERYTHING,
  );
  const [{ id, attempt }] = made.tasks as [typeof made.tasks[0] & object];
  await tasks.claim([{ taskId: id, attempt }], "w", 60_000);
  await tasks.cancel(id, EVERYTHING);
  assert.equal(await tasks.fail({ taskId: id, attempt }, "x", false), "lost");
  assert.equal((await tasks.find(id, EVERYTHING))!.status, "cancelled");
});

Deno.test("a password is forgotten although the last two tasks of its submission end at the same time", async () => {
  await using database = await testSql();
  const { sql } = database;
  const tasks = createTasks(sql);
  const owner = await testKey(sql);
  for (let round = 0; round < 10; round++) {
    const files = ["a", "b"].map((name) => testFile(`${name}${round}`));
    const submission = testSubmission(owner, files, { password: "infected" });
    const made = await createSubmissions(sql).create(submission, EVERYTHING);
    const holds = made.tasks.map(({ id, attempt }) => ({ taskId: id, attempt }));
    await tasks.claim(holds, "w", 60_000);
    await Promise.all(holds.map((hold) => tasks.complete([completion(hold)])));
  }
  assert.deepEqual([...await sql`select from submissions where password is not null`], []);
});

Deno.test("extend() and complete() of the same tasks, in any order, don't deadlock", async () => {
  await using database = await testSql();
  const { sql } = database;
  const tasks = createTasks(sql);
  const files = Array.from({ length: 200 }, (_, at) => testFile(`s${at}`));
  const made = await createSubmissions(sql).create(testSubmission(await testKey(sql), files), EVERYTHING);
  const holds = made.tasks.map(({ id, attempt }) => ({ taskId: id, attempt }));
  await tasks.claim(holds, "w", 60_000);
  const [done] = await Promise.all([
    tasks.complete(holds.map((hold) => completion(hold))),
    tasks.extend(holds.toReversed(), 60_000),
    tasks.extend(holds, 60_000),
  ]);
  assert.equal(done.length, 200);
});

Deno.test("text that PostgreSQL can't hold is kept with its bad characters replaced", async () => {
  await using database = await testSql();
  const { sql } = database;
  const tasks = createTasks(sql);
  const submission = testSubmission(await testKey(sql), [
    { ...testFile("a"), name: HOSTILE },
    testFile("b"),
  ], { metadata: { note: HOSTILE }, tags: [HOSTILE] });
  const made = await createSubmissions(sql).create(submission, EVERYTHING);
  assert.equal(made.tasks[0]!.name, KEPT);
  assert.deepEqual([made.submission.tags, made.submission.metadata], [[KEPT], { note: KEPT }]);
  const holds = made.tasks.map(({ id, attempt }) => ({ taskId: id, attempt }));
  await tasks.claim(holds, "w", 60_000);
  assert.equal(await tasks.fail(holds[0]!, HOSTILE, true), "failed");
  assert.equal((await tasks.find(holds[0]!.taskId, EVERYTHING))!.reason, KEPT);
  assert.deepEqual(await tasks.complete([completion(holds[1]!, HOSTILE)]), [holds[1]]);
  assert.equal((await tasks.find(holds[1]!.taskId, EVERYTHING))!.fileType, KEPT);
});
