import type { Task, TaskId, TaskStatus, Visibility } from "@assay/core";
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Sql } from "./connect.ts";
import { createOutbox } from "./outbox.ts";
import { PROJECT } from "./enqueue.ts";
import type { ApiKey, Completion, Hold, NewSubmission, OutboxRow, Tasks } from "./repositories.ts";
import { createRelatives } from "./relatives.ts";
import { createSamples } from "./samples.ts";
import { createSubmissions } from "./submissions.ts";
import { createTasks } from "./tasks.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

const see = (key: ApiKey): Visibility => ({ reader: key.id, maxTlp: key.maxTlp });
const completion = (hold: Hold, modules: readonly string[] = ["digests"]): Completion => ({
  hold,
  revision: 1,
  verdict: "unknown",
  score: 0,
  fileType: "text",
  runs: modules.map((module) => ({
    module,
    status: "ok",
    reason: null,
    version: "1",
    durationMs: 1.5,
    cached: false,
  })),
});

/** Everything that a test needs on a database of its own. */
async function setUp(sql: Sql, key?: ApiKey) {
  const owner = key ?? await testKey(sql);
  const tasks = createTasks(sql);
  const submissions = createSubmissions(sql);
  return {
    owner,
    tasks,
    submit: (contents: readonly string[], given: Partial<NewSubmission> = {}, by = owner) =>
      submissions.create(testSubmission(by, contents.map(testFile), given), see(by)),
    queued: () => drain(sql),
    find: async (id: TaskId) => (await tasks.find(id, { reader: null, maxTlp: "red" }))!,
  };
}

/** Takes what the outbox would publish for the lanes. */
async function drain(sql: Sql): Promise<Hold[]> {
  const rows: OutboxRow[] = [];
  while (await createOutbox(sql).relay((more) => Promise.resolve(void rows.push(...more)), 1000) > 0);
  return rows.filter(({ subject }) => subject !== PROJECT).map(({ payload }) => payload as Hold);
}

async function finish(tasks: Tasks, hold: Hold, modules?: readonly string[]): Promise<void> {
  assert.equal((await tasks.claim([hold], "w", 60_000)).length, 1);
  assert.deepEqual(await tasks.complete([completion(hold, modules)]), [hold]);
}

Deno.test("create() queues each new sample once, with the attempt in its message id", async () => {
  await using database = await testSql();
  const { submit, queued } = await setUp(database.sql);
  const { tasks } = await submit(["a", "b", "a"]);
  assert.deepEqual(tasks.map((task) => task.status), ["pending", "pending", "pending"]);
  assert.deepEqual(await queued(), tasks.slice(0, 2).map(({ id }) => ({ taskId: id, attempt: 1 })));
});

Deno.test("claim() gives each task to exactly one of many workers", async () => {
  await using database = await testSql();
  const { submit, queued, tasks } = await setUp(database.sql);
  await submit(Array.from({ length: 300 }, (_, i) => `s${i}`));
  const holds = await queued();
  const claims = await Promise.all(["a", "b", "c", "d"].map((worker) => tasks.claim(holds, worker, 60_000)));
  const ids = claims.flat().map(({ id }) => id);
  assert.equal(ids.length, 300);
  assert.equal(new Set(ids).size, 300);
});

Deno.test("rescan latest is answered at once by a report that has the modules asked for", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, find } = await setUp(database.sql);
  const first = (await submit(["a"])).tasks[0]!;
  await finish(tasks, (await queued())[0]!, ["digests", "pe"]);
  const answered = (await submit(["a"])).tasks[0]!;
  assert.equal(answered.status, "complete");
  assert.equal(answered.reportId, first.id);
  assert.equal(answered.fileType, "text");
  assert.equal((await submit(["a"], { modules: ["pe"] })).tasks[0]!.reportId, first.id);
  const lacking = (await submit(["a"], { modules: ["yara"] })).tasks[0]!;
  assert.equal(lacking.status, "pending");
  assert.equal((await find(first.id)).status, "complete");
});

Deno.test("rescan latest never answers with a report that the submitter may not see", async () => {
  await using database = await testSql();
  const { submit, queued, tasks } = await setUp(database.sql);
  await submit(["a"], { tlp: "red" });
  await finish(tasks, (await queued())[0]!);
  const green = await testKey(database.sql, "green");
  const { tasks: [own] } = await submit(["a"], { tlp: "green" }, green);
  assert.equal(own!.status, "pending");
  assert.equal((await queued()).length, 1);
});

Deno.test("a sample whose task is unfinished is not queued again; its followers are answered or take their turn", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, find } = await setUp(database.sql);
  const leader = (await submit(["a"])).tasks[0]!;
  const latest = (await submit(["a"])).tasks[0]!;
  const all = (await submit(["a"], { rescan: "all" })).tasks[0]!;
  const holds = await queued();
  assert.deepEqual(holds.map(({ taskId }) => taskId), [leader.id]);
  await finish(tasks, holds[0]!);
  assert.equal((await find(latest.id)).reportId, leader.id);
  assert.deepEqual((await queued()).map(({ taskId }) => taskId), [all.id]);
});

Deno.test("a leader that is cancelled or fails for good lets the next one go", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, owner } = await setUp(database.sql);
  const [one, two, three] = [await submit(["a"]), await submit(["a"]), await submit(["a"])].map((s) =>
    s.tasks[0]!
  );
  await queued();
  await tasks.cancel(one!.id, see(owner));
  const [hold] = await queued();
  assert.equal(hold!.taskId, two!.id);
  await tasks.claim([hold!], "w", 60_000);
  assert.equal(await tasks.fail(hold!, "no", true), "failed");
  assert.deepEqual((await queued()).map(({ taskId }) => taskId), [three!.id]);
});

Deno.test("fail() tries again until the tries are spent, then dead-letters; retry() starts afresh", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, owner, find } = await setUp(database.sql);
  const { id } = (await submit(["a"], { maxAttempts: 2 })).tasks[0]!;
  for (const end of ["pending", "failed"]) {
    const [hold] = await queued();
    assert.equal((await tasks.claim([hold!], "w", 60_000)).length, 1);
    assert.equal(await tasks.fail(hold!, "disk on fire", false), end);
    assert.equal(await tasks.fail(hold!, "again", false), "lost", "the attempt is no longer held");
  }
  const dead = await find(id);
  assert.equal(dead.dead, true);
  assert.equal(dead.reason, "disk on fire");
  assert.deepEqual((await tasks.list({ dead: true }, { size: 10 }, see(owner))).items.map((t) => t.id), [id]);
  assert.equal((await tasks.retry(id, see(owner)))!.status, "pending");
  await finish(tasks, (await queued())[0]!);
  assert.equal((await find(id)).status, "complete");
});

Deno.test("sweep() takes back tasks whose lease ran out; the old attempt can't write an end any more", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, find } = await setUp(database.sql);
  const { id } = (await submit(["a"])).tasks[0]!;
  const [hold] = await queued();
  await tasks.claim([hold!], "w", 0);
  assert.equal(await tasks.sweep(), 1);
  assert.deepEqual(await tasks.complete([completion(hold!)]), []);
  const [again] = await queued();
  assert.equal(again!.attempt, 2);
  await finish(tasks, again!);
  assert.equal((await find(id)).status, "complete");
});

Deno.test("cancel() of a running task reaches its worker by extend() and refuses its end", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, owner, find } = await setUp(database.sql);
  await submit(["a", "b"]);
  const holds = await queued();
  await tasks.claim(holds, "w", 60_000);
  await tasks.cancel(holds[0]!.taskId, see(owner));
  assert.deepEqual(await tasks.extend(holds, 60_000), [holds[1]]);
  assert.equal((await find(holds[0]!.taskId)).status, "cancelled");
  assert.deepEqual(await tasks.complete(holds.map((hold) => completion(hold))), [holds[1]]);
});

Deno.test("release() gives tasks back without counting a try; requeueStranded() finds what the queue forgot", async () => {
  await using database = await testSql();
  const { submit, queued, tasks } = await setUp(database.sql);
  await submit(["a"], { maxAttempts: 1 });
  const [hold] = await queued();
  await tasks.claim([hold!], "w", 60_000);
  await tasks.release([hold!]);
  assert.deepEqual(await queued(), [{ ...hold!, attempt: 2 }]);
  assert.equal(await tasks.requeueStranded("interactive", 0), 0);
  assert.equal(await tasks.requeueStranded("bulk", 0), 1);
  assert.equal(await tasks.requeueStranded("bulk", 0), 0, "its message still waits in the outbox");
  assert.deepEqual(await queued(), [{ ...hold!, attempt: 3 }]);
});

Deno.test("addChildren() links children, keeps them in the submission and ends loops", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, owner } = await setUp(database.sql);
  await submit(["zip"]);
  const [parent] = await tasks.claim(await queued(), "w", 60_000);
  const children = await tasks.addChildren(parent!, [testFile("x"), testFile("zip"), testFile("x")]);
  assert.deepEqual(children.map((c) => [c.parentTaskId, c.depth]), [[parent!.id, 1], [parent!.id, 1]]);
  assert.deepEqual(await tasks.addChildren(parent!, [testFile("x")]), []);
  const parents = await createRelatives(database.sql).list(
    testFile("x").sha256,
    "parent",
    { size: 9 },
    see(owner),
  );
  assert.deepEqual(parents.items.map(({ sha256, name }) => [sha256, name]), [[parent!.sha256, "zip.bin"]]);
  assert.equal(
    (await queued()).length,
    1,
    "the loop waits for its own parent instead of being scanned beside it",
  );
});

Deno.test("addChildren() adds nothing for a task that was lost or is to be cancelled", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, owner } = await setUp(database.sql);
  await submit(["zip", "tar"]);
  const [zip, tar] = await tasks.claim(await queued(), "w", 0);
  await tasks.cancel(tar!.id, see(owner));
  assert.deepEqual(await tasks.addChildren(tar!, [testFile("x")]), []);
  await tasks.sweep();
  assert.deepEqual(await tasks.addChildren(zip!, [testFile("x")]), []);
  const [again] = await tasks.claim(await queued(), "w", 60_000);
  assert.deepEqual(await tasks.addChildren(zip!, [testFile("x")]), [], "another attempt is held");
  assert.equal((await database.sql`select from tasks where parent_task_id is not null`).length, 0);
  assert.equal((await tasks.addChildren(again!, [testFile("x")])).length, 1);
});

Deno.test("remove() keeps what is unfinished or answers another task", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, owner } = await setUp(database.sql);
  const first = (await submit(["a"])).tasks[0]!;
  assert.equal(await tasks.remove(first.id, see(owner)), "not-final");
  await finish(tasks, (await queued())[0]!);
  const second = (await submit(["a"])).tasks[0]!;
  assert.equal(await tasks.remove(first.id, see(owner)), "in-use");
  assert.equal(await tasks.remove(second.id, see(owner)), "removed");
  assert.equal(await tasks.remove(first.id, see(owner)), "removed");
  assert.equal(await tasks.remove(first.id, see(owner)), "not-found");
});

Deno.test("an archive password is forgotten once nothing of its submission is left to run", async () => {
  await using database = await testSql();
  const { submit, queued, tasks } = await setUp(database.sql);
  await submit(["a"], { password: "s3cret" });
  const [hold] = await queued();
  const [claimed] = await tasks.claim([hold!], "w", 60_000);
  assert.equal(claimed!.password, "s3cret");
  await tasks.complete([completion(hold!)]);
  assert.deepEqual((await database.sql`select password from submissions`).map((row) => row["password"]), [
    null,
  ]);
});

Deno.test("retry() says that the archive password is forgotten, to readers and to the worker", async () => {
  await using database = await testSql();
  const { submit, queued, tasks, owner, find } = await setUp(database.sql);
  const { id } = (await submit(["a"], { password: "s3cret", maxAttempts: 1 })).tasks[0]!;
  const [hold] = await queued();
  assert.equal((await tasks.claim([hold!], "w", 60_000))[0]!.passwordForgotten, false);
  await tasks.fail(hold!, "no", false);
  assert.match(
    (await tasks.retry(id, see(owner)))!.reason!,
    /without the archive password, which was forgotten/,
  );
  const [again] = await queued();
  const [claimed] = await tasks.claim([again!], "w", 60_000);
  assert.deepEqual([claimed!.password, claimed!.passwordForgotten], [null, true]);
  await tasks.complete([completion(again!)]);
  assert.equal((await find(id)).reason, null);
});

Deno.test("count() counts by what a reader may see, and the same once summed up", async () => {
  await using database = await testSql();
  const { sql } = database;
  const { submit, tasks, owner } = await setUp(sql);
  const green = await testKey(sql, "green");
  await submit(["a"], { tlp: "red" });
  await submit(["b", "c"], { tlp: "green" });
  await submit(["d"], { tlp: "red" }, green);
  for (let i = 0; i < 600; i++) {
    await sql`update tasks set status = ${i % 2 === 0 ? "cancelled" : "pending"}, finished = ${
      i % 2 === 0 ? new Date() : null
    }`;
  }
  const count =
    async () => [(await tasks.count(see(owner))).pending, (await tasks.count(see(green))).pending];

  const counted = await count();
  await tasks.foldCounts();

  assert.deepEqual(counted, [4, 3]);
  assert.deepEqual(await count(), counted);
  assert.equal((await sql`select from task_counts`).length, 3);
});

Deno.test("every read keeps to what the reader may see", async () => {
  await using database = await testSql();
  const { submit, queued, tasks } = await setUp(database.sql);
  const { submission, tasks: [task] } = await submit(["a"], { tlp: "amber" });
  await finish(tasks, (await queued())[0]!);
  const green = see(await testKey(database.sql, "green"));
  const samples = createSamples(database.sql);
  const submissions = createSubmissions(database.sql);
  assert.equal(await tasks.find(task!.id, green), null);
  assert.deepEqual((await tasks.list({}, { size: 10 }, green)).items, []);
  assert.equal((await tasks.count(green)).complete, 0);
  assert.equal(await tasks.cancel(task!.id, green), null);
  assert.equal(await tasks.retry(task!.id, green), null);
  assert.equal(await tasks.remove(task!.id, green), "not-found");
  assert.equal(await submissions.find(submission.id, green), null);
  assert.deepEqual((await submissions.list({ size: 10 }, green)).items, []);
  assert.equal(await samples.isVisible(task!.sha256, green), false);
  assert.equal(await samples.find(task!.sha256, green), null);
});

Deno.test("list() pages through everything once, newest first", async () => {
  await using database = await testSql();
  const { submit, tasks, owner } = await setUp(database.sql);
  await submit(Array.from({ length: 25 }, (_, i) => `p${i}`));
  const ids: string[] = [];
  for (let cursor: string | undefined = undefined;;) {
    const page: { items: readonly Task[]; cursor: string | null } = await tasks.list(
      {},
      { size: 10, cursor },
      see(owner),
    );
    ids.push(...page.items.map(({ id }) => id));
    if (page.cursor === null) break;
    cursor = page.cursor;
  }
  assert.equal(new Set(ids).size, 25);
  assert.deepEqual(ids, ids.toSorted().reverse());
  await assert.rejects(tasks.list({}, { size: 1, cursor: "%%%" }, see(owner)), { name: "CursorError" });
});

Deno.test("no order of events scans a sample twice at a time or leaves a task that nothing will end", async () => {
  await using database = await testSql();
  const { sql } = database;
  const { submit, tasks, owner } = await setUp(sql);
  const messages: Hold[] = [];
  const running: Hold[] = [];
  const pick = <T>(from: readonly T[], at: number) => from.length === 0 ? undefined : from[at % from.length];
  const steps: Record<string, (at: number) => Promise<unknown>> = {
    submit: (at) => submit([`f${at % 3}`], { rescan: at % 2 ? "latest" : "all", maxAttempts: 2 }),
    relay: async () => void messages.push(...await drain(sql)),
    claim: async () =>
      running.push(
        ...(await tasks.claim(messages.splice(0), "w", 60_000)).map(({ id, attempt }) => ({
          taskId: id,
          attempt,
        })),
      ),
    complete: (at) => tasks.complete(running.splice(0, 1 + at % 2).map((hold) => completion(hold))),
    fail: async (at) => running.length > 0 && await tasks.fail(running.shift()!, "x", at % 4 === 0),
    release: () => tasks.release(running.splice(0)),
    cancel: async (at) => {
      const task = pick((await tasks.list({}, { size: 50 }, see(owner))).items, at);
      if (task) await tasks.cancel(task.id, see(owner));
    },
    retry: async (at) => {
      const task = pick((await tasks.list({}, { size: 50 }, see(owner))).items, at);
      if (task) await tasks.retry(task.id, see(owner));
    },
    extend: async () => void running.splice(0, running.length, ...await tasks.extend(running, 60_000)),
  };
  const step = fc.record({ what: fc.constantFrom(...Object.keys(steps)), at: fc.nat(20) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (sequence) => {
      for (const { what, at } of sequence) await steps[what]!(at);
      const twice = await sql`
        select sha256 from tasks where status in ('pending', 'running') and waits_for is null group by sha256 having count(*) > 1`;
      assert.deepEqual([...twice], []);
      const orphans = await sql`
        select t.id from tasks t left join tasks l on l.id = t.waits_for
        where t.status = 'pending' and t.waits_for is not null and (l.id is null or l.finished is not null)`;
      assert.deepEqual([...orphans], [], "a follower waits for an unfinished leader");
      const counted = await tasks.count(see(owner));
      const rows = await sql<{ status: TaskStatus; count: number }[]>`
        select status, count(*)::int as count from tasks group by status`;
      for (const { status, count } of rows) assert.equal(counted[status], count, status);
      messages.push(...await drain(sql));
      const named = new Set(messages.map(({ taskId, attempt }) => `${taskId}:${attempt}`));
      const queued = await sql<{ id: string; attempt: number }[]>`
        select id, attempt from tasks where status = 'pending' and waits_for is null`;
      for (const { id, attempt } of queued) {
        assert.ok(named.has(`${id}:${attempt}`), "a pending task has a message");
      }
    }),
    { numRuns: 25 },
  );
});
