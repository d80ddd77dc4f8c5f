import type { ClaimedTask, TaskId, VerdictLevel } from "@assay/core";
import { EVERYTHING } from "@assay/core";
import assert from "node:assert/strict";
import type { Sql } from "./connect.ts";
import { createParents, JUDGE } from "./parents.ts";
import { createSubmissions } from "./submissions.ts";
import { createTasks } from "./tasks.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

/** Submits a file and claims it, as a worker would. */
async function setUp(sql: Sql) {
  const key = await testKey(sql);
  const tasks = createTasks(sql);
  const claim = async (id: TaskId, attempt = 1) =>
    (await tasks.claim([{ taskId: id, attempt }], "w", 60_000))[0]!;
  return {
    tasks,
    parents: createParents(sql),
    claim,
    submit: async (content: string, rescan: "latest" | "all" = "latest") => {
      const given = testSubmission(key, [testFile(content)], { rescan });
      return (await createSubmissions(sql).create(given, EVERYTHING)).tasks[0]!;
    },
    end: (task: ClaimedTask, verdict: VerdictLevel) =>
      tasks.complete([{
        hold: { taskId: task.id, attempt: task.attempt },
        revision: 1,
        verdict,
        score: verdict === "malicious" ? 80 : 0,
        fileType: "x",
        runs: [],
      }]),
    /** Tasks that are to be judged; asked once. */
    asked: async () => {
      const rows = await sql<{ payload: { taskIds: TaskId[] } }[]>`
        delete from outbox where subject = ${JUDGE} returning payload`;
      return [...new Set(rows.flatMap(({ payload }) => payload.taskIds))];
    },
  };
}

Deno.test("a child that something speaks against has its parent judged, whichever of them ends first", async () => {
  for (const childFirst of [true, false]) {
    await using database = await testSql();
    const { tasks, parents, claim, submit, end, asked } = await setUp(database.sql);
    const parent = await claim((await submit("zip")).id);
    const [bad, good] = await tasks.addChildren(parent, [testFile("bad"), testFile("good")]);
    const steps = [() => end(parent, "unknown"), async () => end(await claim(bad!.id), "malicious")];
    for (const step of childFirst ? steps.toReversed() : steps) await step();
    await end(await claim(good!.id), "unknown");

    assert.deepEqual(await asked(), [parent.id]);
    const [taken] = await parents.take([parent.id, good!.id, bad!.id].slice(0, 1));
    assert.equal(taken!.revision, 2);
    assert.deepEqual(taken!.children.map(({ sha256, name, verdict }) => [sha256, name, verdict]), [
      [bad!.sha256, "bad.bin", "malicious"],
    ]);
  }
});

Deno.test("judged() keeps the latest revision, tells those answered by the report, and ends where nothing changes", async () => {
  await using database = await testSql();
  const { tasks, parents, claim, submit, end, asked } = await setUp(database.sql);
  const outer = await claim((await submit("outer")).id);
  const [innerTask] = await tasks.addChildren(outer, [testFile("inner")]);
  await end(outer, "unknown");
  const inner = await claim(innerTask!.id);
  const [bad] = await tasks.addChildren(inner, [testFile("bad")]);
  await end(inner, "unknown");
  const answered = await submit("inner");
  await end(await claim(bad!.id), "malicious");
  assert.deepEqual(await asked(), [inner.id]);

  const [old] = await parents.take([inner.id]);
  const [taken] = await parents.take([inner.id]);
  await parents.judged(old!, "suspicious", 40);
  assert.equal((await tasks.find(inner.id, EVERYTHING))!.verdict, "unknown", "a later revision was taken");
  await parents.judged(taken!, "malicious", 75);
  const found = await Promise.all([inner.id, answered.id].map((id) => tasks.find(id, EVERYTHING)));
  assert.deepEqual(found.map((task) => [task!.verdict, task!.score]), [["malicious", 75], ["malicious", 75]]);
  assert.deepEqual((await asked()).toSorted(), [outer.id, inner.id].toSorted());

  const [again] = await parents.take([inner.id]);
  await parents.judged(again!, "malicious", 75);
  assert.deepEqual(await asked(), [], "nothing is new to anybody");
});

Deno.test("take() waits for the parent that is just being completed, and leaves what isn't complete", async () => {
  await using database = await testSql();
  const { tasks, parents, claim, submit } = await setUp(database.sql);
  const parent = await claim((await submit("zip")).id);
  await tasks.addChildren(parent, [testFile("bad")]);
  assert.deepEqual(await parents.take([parent.id]), []);

  const taking = Promise.withResolvers<Promise<unknown[]>>();
  await database.sql.begin(async (tx) => {
    await tx`select from samples where sha256 = ${parent.sha256} for no key update`;
    await tx`update tasks set status = 'complete', report_id = id, revision = 1, finished = now() where id = ${parent.id}`;
    taking.resolve(parents.take([parent.id]));
    const waiting = () =>
      database
        .sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await waiting()).length === 0);
  });
  assert.equal((await (await taking.promise)).length, 1);
});
