import { EVERYTHING, type Sha256, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import type { Sql } from "./connect.ts";
import { createRelatives } from "./relatives.ts";
import type { ApiKey, NewSubmission } from "./repositories.ts";
import { createSamples } from "./samples.ts";
import { createSubmissions } from "./submissions.ts";
import { createTasks } from "./tasks.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

const { sha256 } = testFile("a");
const see = (key: ApiKey): Visibility => ({ reader: key.id, maxTlp: key.maxTlp });

/** What came out of a sample, and what it came out of. */
async function related(sql: Sql, of: Sha256, visibility: Visibility) {
  const relatives = createRelatives(sql);
  const list = async (kind: "child" | "parent") =>
    (await relatives.list(of, kind, { size: 10 }, visibility)).items;
  return { children: await list("child"), parents: await list("parent") };
}

/** Submits the file `a` and completes its task. */
async function scan(sql: Sql, owner: ApiKey, given: Partial<NewSubmission>) {
  const tasks = createTasks(sql);
  const files = [testFile("a")];
  const made = await createSubmissions(sql).create(
    testSubmission(owner, files, { rescan: "all", ...given }),
    see(owner),
  );
  const hold = { taskId: made.tasks[0]!.id, attempt: 1 };
  const [claimed] = await tasks.claim([hold], "w", 60_000);
  const end = { hold, revision: 1, verdict: "unknown", score: 0, fileType: "text", runs: [] } as const;
  return { ...made, claimed: claimed!, complete: () => tasks.complete([end]) };
}

Deno.test("facts() tells what every submission says, with a revision that grows with each of them", async () => {
  await using database = await testSql();
  const { sql } = database;
  const samples = createSamples(sql);
  const owner = await testKey(sql);
  const first = await scan(sql, owner, { tlp: "red", tags: ["x"], metadata: { case: "7" } });
  const [before] = await samples.facts([sha256]);
  assert.deepEqual(before!.submissions, [], "nothing has been found yet");
  await first.complete();
  const [one] = await samples.facts([sha256]);
  assert.ok(one!.revision > before!.revision);
  assert.deepEqual(one!.submissions.map(({ seen: _, ...rest }) => rest), [{
    submissionId: first.submission.id,
    taskId: first.tasks[0]!.id,
    reportId: first.tasks[0]!.id,
    reportRevision: 1,
    tlp: "red",
    owner: owner.id,
    submitter: owner.name,
    name: "a.bin",
    tags: ["x"],
    metadata: { case: "7" },
    parentSha256: null,
  }]);
  const second = await scan(sql, owner, { tlp: "green" });
  await second.complete();
  const [two] = await samples.facts([sha256, "f".repeat(64) as Sha256]);
  assert.ok(two!.revision > one!.revision);
  assert.deepEqual(two!.submissions.map(({ tlp }) => tlp), ["green", "red"], "newest first");
  await createTasks(sql).remove(second.tasks[0]!.id, EVERYTHING);
  const [three] = await samples.facts([sha256]);
  assert.ok(three!.revision > two!.revision);
  assert.deepEqual(three!.submissions.map(({ tlp }) => tlp), ["red"]);
});

Deno.test("facts() never gives a revision that is newer than what stands beside it", async () => {
  await using database = await testSql();
  const { sql } = database;
  const samples = createSamples(sql);
  const owner = await testKey(sql);
  const seen: { revision: number; count: number }[] = [];
  for (let round = 0; round < 10; round++) {
    const { complete } = await scan(sql, owner, {});
    const [, ...reads] = await Promise.all([
      complete(),
      ...Array.from({ length: 4 }, () => samples.facts([sha256])),
    ]);
    for (const [facts] of reads) {
      seen.push({ revision: facts!.revision, count: facts!.submissions.length });
    }
  }
  const counts = new Map<number, number>();
  for (const { revision, count } of seen) {
    assert.equal(counts.get(revision) ?? count, count, "one revision, one state");
    counts.set(revision, count);
  }
  const inOrder = [...counts].sort(([a], [b]) => a - b).map(([, count]) => count);
  assert.deepEqual(inOrder, inOrder.toSorted((a, b) => a - b));
});

Deno.test("find(), isVisible() and what it came with show a reader his and what his level allows, no more", async () => {
  await using database = await testSql();
  const { sql } = database;
  const samples = createSamples(sql);
  const owner = await testKey(sql);
  const green = await testKey(sql, "green");
  const ownRed = await testKey(sql, "clear", "low");
  const secret = await scan(sql, owner, { tlp: "amber" });
  await createTasks(sql).addChildren(secret.claimed, [testFile("child")]);
  const child = testFile("child").sha256;
  await secret.complete();
  for (const reader of [green, ownRed]) {
    assert.equal(await samples.isVisible(sha256, see(reader)), false);
    assert.equal(await samples.find(sha256, see(reader)), null);
    assert.equal(await samples.isVisible(child, see(reader)), false);
    assert.deepEqual(await related(sql, sha256, see(reader)), { children: [], parents: [] });
    assert.deepEqual(await related(sql, child, see(reader)), { children: [], parents: [] });
  }
  // The same bytes by somebody else: his submission, and none of the first one's names, tags or children.
  await (await scan(sql, ownRed, { tlp: "red" })).complete();
  const own = await samples.find(sha256, see(ownRed));
  assert.deepEqual(own!.submissions.map(({ owner: by }) => by), [ownRed.id]);
  assert.deepEqual(await related(sql, sha256, see(ownRed)), { children: [], parents: [] });
  assert.equal(await samples.find(sha256, see(green)), null);
  assert.equal((await samples.find(sha256, see(owner)))!.submissions.length, 2);
  const { children } = await related(sql, sha256, see(owner));
  assert.deepEqual(children.map(({ sha256, name }) => [sha256, name]), [[child, "child.bin"]]);
  assert.equal(await samples.find("f".repeat(64) as Sha256, EVERYTHING), null);
});
