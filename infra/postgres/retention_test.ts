import { EVERYTHING, type Sha256, type TaskId } from "@assay/core";
import assert from "node:assert/strict";
import { RetentionRule } from "../config/retention.ts";
import type { Sql } from "./connect.ts";
import { createLegalHolds } from "./legal_holds.ts";
import { createRemovals, type Removal } from "./removal.ts";
import type { ApiKey, NewSubmission } from "./repositories.ts";
import { createRetention, type Due, type RetentionWhat } from "./retention.ts";
import { createSampleTags } from "./sample_tags.ts";
import { createSamples } from "./samples.ts";
import { createSubmissions } from "./submissions.ts";
import { createTasks } from "./tasks.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

const rule = (given: Partial<RetentionRule>) =>
  RetentionRule.parse({ name: "old", what: "samples", olderThan: "30d", ...given });

/** Submits a file and completes its task as if it had been so many days ago; `days` null leaves it unfinished. */
async function scan(
  sql: Sql,
  owner: ApiKey,
  content: string,
  days: number | null,
  given: Partial<NewSubmission> = {},
): Promise<TaskId> {
  const { tasks: [task] } = await createSubmissions(sql).create(
    testSubmission(owner, [testFile(content)], { rescan: "all", ...given }),
    EVERYTHING,
  );
  if (days === null || task!.status === "complete") return task!.id;
  const hold = { taskId: task!.id, attempt: 1 };
  await createTasks(sql).claim([hold], "w", 60_000);
  const end = { hold, revision: 1, verdict: "benign", score: 0, fileType: "text", runs: [] } as const;
  await createTasks(sql).complete([end]);
  await sql`update tasks set finished = now() - ${days} * interval '1 day' where id = ${task!.id}`;
  return task!.id;
}

/** Runs it to its end. */
async function run(sql: Sql, rules: readonly RetentionRule[], what: RetentionWhat): Promise<Due[]> {
  const retention = createRetention(sql, rules);
  const planned = (await retention.plan(1000)).filter((plan) => plan.what === what);
  const removed: Due[] = [];
  for (let after: string | null = null;;) {
    const batch = await retention.next(what, after);
    removed.push(...batch.removed);
    if (batch.after === null) break;
    after = batch.after;
  }
  const sorted = (all: readonly Due[]) => [...all].sort((a, b) => a.sha256 < b.sha256 ? -1 : 1);
  assert.deepEqual(sorted(removed), sorted(planned.flatMap(({ first }) => first)), "it does what it said");
  assert.equal(removed.length, planned.reduce((sum, { count }) => sum + count, 0));
  return removed;
}

const nameOf = (due: readonly Due[], ...contents: string[]) =>
  due.map(({ sha256 }) => contents.find((content) => testFile(content).sha256 === sha256)).sort();

async function removals(sql: Sql): Promise<Removal[]> {
  const rows = await sql<
    { payload: Removal }[]
  >`select payload from outbox where subject = 'remove' order by id`;
  return rows.map(({ payload }) => payload);
}

Deno.test("retention takes a sample only where it is through with every submission of it", async () => {
  await using database = await testSql();
  const { sql } = database;
  const owner = await testKey(sql);
  const contents = ["gone", "young", "both", "waiting", "held", "red", "tagged", "kept-tag"] as const;
  const green = { tlp: "green" } as const;
  const gone = await scan(sql, owner, "gone", 40, green);
  await scan(sql, owner, "young", 3, green);
  await scan(sql, owner, "both", 40, green);
  await scan(sql, owner, "both", 3, green);
  await scan(sql, owner, "waiting", 40, green);
  await scan(sql, owner, "waiting", null, green);
  await scan(sql, owner, "held", 40, green);
  await scan(sql, owner, "red", 40, { tlp: "red" });
  await scan(sql, owner, "tagged", 8, { tags: ["test"] });
  await scan(sql, owner, "kept-tag", 8, { tags: ["other"] });
  const { sha256 } = testFile("gone");
  await createSampleTags(sql).add(
    { sha256s: [sha256], tags: ["mine"], tlp: "green" },
    { id: owner.id, name: owner.name },
    EVERYTHING,
  );
  const holds = createLegalHolds(sql);
  const held = { sha256: testFile("held").sha256, reason: "Case 17", keyId: owner.id, keyName: owner.name };
  assert.equal((await holds.put(held))?.reason, "Case 17");
  assert.equal(await holds.put({ ...held, sha256: "0".repeat(64) as Sha256 }), null);

  const rules = [
    rule({ name: "old green", tlp: ["green"] }),
    rule({ name: "tests", olderThan: 7 * 86_400_000, tags: ["test"] }),
  ];
  const due = await run(sql, rules, "samples");
  assert.deepEqual(nameOf(due, ...contents), ["gone", "tagged"]);
  assert.deepEqual(due.map(({ rule }) => rule).sort(), ["old green", "tests"]);

  assert.equal(await createTasks(sql).find(gone, EVERYTHING), null);
  assert.deepEqual(await createSamples(sql).facts([sha256]), []);
  const [{ count } = { count: 0 }] = await sql`select count(*)::int as count from submissions`;
  assert.equal(count, 8, "submissions of which nothing is left are gone too");
  const [removal] = await removals(sql);
  assert.ok(
    removal!.reports.includes(gone) && removal!.bytes.includes(sha256) && removal!.samples.includes(sha256),
  );
  assert.deepEqual(await createRemovals(sql).unneeded([sha256, held.sha256]), [sha256]);
  const audit = await sql`select detail->>'rule' as rule from audit where action = 'retention.samples'`;
  assert.equal(audit.length, 2);

  await holds.remove(held.sha256);
  assert.deepEqual(nameOf(await run(sql, rules, "samples"), ...contents), ["held"]);
});

Deno.test("retention takes bytes and leaves reports, and whoever hands the sample in again brings them back", async () => {
  await using database = await testSql();
  const { sql } = database;
  const owner = await testKey(sql);
  await scan(sql, owner, "a", 40);
  await scan(sql, owner, "b", 40, { tlp: "red" });
  const { sha256, size } = testFile("a");
  const rules = [rule({ what: "bytes", tlp: ["amber"] })];
  assert.deepEqual(await run(sql, rules, "bytes"), [{ sha256, task: null, bytes: size, rule: "old" }]);
  assert.deepEqual((await removals(sql)).map(({ bytes, reports }) => [bytes, reports]), [[[sha256], []]]);
  assert.equal((await createSamples(sql).facts([sha256]))[0]!.submissions.length, 1);
  assert.deepEqual(await run(sql, rules, "bytes"), [], "they go once");
  assert.deepEqual(await createRemovals(sql).unneeded([sha256]), [sha256]);
  await scan(sql, owner, "a", 1);
  assert.deepEqual(await createRemovals(sql).unneeded([sha256]), []);
});

Deno.test("retention takes old scans, but neither a sample's newest nor one that answers others", async () => {
  await using database = await testSql();
  const { sql } = database;
  const owner = await testKey(sql);
  const oldest = await scan(sql, owner, "a", 90);
  await scan(sql, owner, "a", 60);
  const answered = await scan(sql, owner, "a", 0, { rescan: "latest" });
  await scan(sql, owner, "a", 50);
  await scan(sql, owner, "b", 90);
  const rules = [rule({ what: "reports" })];
  assert.deepEqual((await run(sql, rules, "reports")).map(({ task }) => task), [oldest]);
  assert.deepEqual((await removals(sql)).map(({ reports }) => reports), [[oldest]]);
  assert.equal((await createTasks(sql).find(answered, EVERYTHING))?.status, "complete");
});

Deno.test("retention spares a sample that is held while it is about to take it", async () => {
  await using database = await testSql();
  const { sql } = database;
  const owner = await testKey(sql);
  const { sha256 } = testFile("a");
  await scan(sql, owner, "a", 40);
  let taking: ReturnType<ReturnType<typeof createRetention>["next"]> | undefined;
  await sql.begin(async (tx) => {
    await tx`select from samples where sha256 = ${sha256} for no key update`;
    taking = createRetention(sql, [rule({})]).next("samples", null);
    const waiting = async () =>
      (await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length >
        0;
    while (!await waiting());
    await tx`insert into legal_holds (sha256, reason, key_id, key_name) values (${sha256}, 'x', ${owner.id}, 'x')`;
  });
  assert.deepEqual((await taking!).removed, []);
  assert.equal((await createSamples(sql).facts([sha256])).length, 1);
});

Deno.test("remove() leaves the task of a held sample, and PostgreSQL itself keeps the sample", async () => {
  await using database = await testSql();
  const { sql } = database;
  const owner = await testKey(sql);
  const { sha256 } = testFile("a");
  const task = await scan(sql, owner, "a", 1);
  await createLegalHolds(sql).put({ sha256, reason: "x", keyId: owner.id, keyName: owner.name });
  assert.equal(await createTasks(sql).remove(task, EVERYTHING), "held");
  await assert.rejects(sql`with gone as (delete from tasks) delete from samples`, /legal_holds/);
  await createLegalHolds(sql).remove(sha256);
  assert.equal(await createTasks(sql).remove(task, EVERYTHING), "removed");
  assert.deepEqual((await removals(sql)).map(({ reports }) => reports), [[task]]);
});
