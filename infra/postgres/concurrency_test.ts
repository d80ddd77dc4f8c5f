import { EVERYTHING, type Task, type TaskId, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import type { Sql } from "./connect.ts";
import { PROJECT } from "./enqueue.ts";
import { createOutbox } from "./outbox.ts";
import type { Completion, Hold } from "./repositories.ts";
import { createSubmissions } from "./submissions.ts";
import { createTasks } from "./tasks.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

const FILES = ["a", "b", "c", "d"];

function completion(hold: Hold): Completion {
  return { hold, revision: 1, verdict: "unknown", score: 0, fileType: "text", runs: [] };
}

/** Followers whose leader has ended, and samples with two active tasks: there must never be any. */
async function findBroken(sql: Sql): Promise<unknown[]> {
  const orphans = await sql`
    select t.id from tasks t left join tasks l on l.id = t.waits_for
    where t.status = 'pending' and t.waits_for is not null and (l.id is null or l.finished is not null)`;
  const twice = await sql`
    select sha256 from tasks where status in ('pending', 'running') and waits_for is null
    group by sha256 having count(*) > 1`;
  return [...orphans, ...twice];
}

Deno.test("claim() gives each task to exactly one of four workers, in whatever order they ask", async () => {
  await using database = await testSql();
  const { sql } = database;
  const owner = await testKey(sql);
  const tasks = createTasks(sql);
  const files = Array.from({ length: 500 }, (_, at) => testFile(`s${at}`));
  const made = await createSubmissions(sql).create(testSubmission(owner, files), EVERYTHING);
  const holds = made.tasks.map(({ id, attempt }) => ({ taskId: id, attempt }));
  const orders = [holds, holds.toReversed(), [...holds.slice(250), ...holds.slice(0, 250)], holds];
  const claims = await Promise.all(orders.map((order, at) => tasks.claim(order, `w${at}`, 60_000)));
  assert.deepEqual(claims.flat().map(({ id }) => id).sort(), holds.map(({ taskId }) => taskId).sort());
});

Deno.test("no follower is lost and nothing deadlocks when submissions, ends and cancels meet", async () => {
  await using database = await testSql();
  const { sql } = database;
  const owner = await testKey(sql);
  const see: Visibility = { reader: owner.id, maxTlp: "red" };
  const tasks = createTasks(sql);
  const submissions = createSubmissions(sql);
  const outbox = createOutbox(sql);
  const claimNext = async (worker: string): Promise<Hold[]> => {
    const holds: Hold[] = [];
    await outbox.relay((rows) => {
      holds.push(...rows.filter(({ subject }) => subject !== PROJECT).map(({ payload }) => payload as Hold));
      return Promise.resolve();
    }, 20);
    const claimed = await tasks.claim(holds, worker, 60_000);
    return claimed.map(({ id, attempt }) => ({ taskId: id, attempt }));
  };
  const submit = async (round: number, reverse: boolean) => {
    const files = (reverse ? FILES.toReversed() : FILES).map(testFile);
    const rescan = round % 2 === 0 ? "all" : "latest";
    await submissions.create(testSubmission(owner, files, { rescan, maxAttempts: 2 }), see);
  };
  const work = async (round: number, worker: string) => {
    const held = await claimNext(worker);
    const kept = await tasks.extend(held, 60_000);
    if (round % 3 === 0) { for (const hold of kept) await tasks.fail(hold, "no", round % 2 === 0); }
    else if (round % 3 === 1) await tasks.complete(kept.toReversed().map(completion));
    else await tasks.release(kept);
  };
  const interfere = async (round: number) => {
    const { items } = await tasks.list({}, { size: 40 }, see);
    const pick = (task: Task, at: number) => (at + round) % 3 === 0 && task.status !== "complete";
    const ids: TaskId[] = items.filter(pick).map(({ id }) => id);
    for (const id of ids) await (round % 2 === 0 ? tasks.cancel(id, see) : tasks.retry(id, see));
  };
  for (let round = 0; round < 30; round++) {
    await Promise.all([
      submit(round, false),
      submit(round, true),
      work(round, "w1"),
      work(round + 1, "w2"),
      interfere(round),
      tasks.sweep(),
      tasks.requeueStranded("bulk", 0),
    ]);
    assert.deepEqual(await findBroken(sql), []);
  }
  // What is left can be worked off: nothing waits for ever.
  for (let left = 1; left > 0;) {
    await tasks.requeueStranded("bulk", 0);
    const held = await claimNext("w1");
    await tasks.complete(held.map(completion));
    await sql`update tasks set lease_until = now() - interval '1 second' where status = 'running'`;
    await tasks.sweep();
    left = (await sql`select from tasks where status in ('pending', 'running')`).length;
  }
});
