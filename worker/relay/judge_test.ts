import { EVERYTHING, type Task } from "@assay/core";
import assert from "node:assert/strict";
import { type TestPlatform, testPlatform } from "../testing.ts";

/** Waits until nothing is left to relay, and gives the tasks of a submission as they are then. */
async function settled(platform: TestPlatform, submitted: readonly Task[]): Promise<Task[]> {
  await platform.final(submitted);
  while ((await platform.sql`select from outbox`).length > 0);
  const { items } = await platform.tasks.list(
    { submissionId: submitted[0]!.submissionId },
    { size: 200 },
    EVERYTHING,
  );
  return [...items];
}

/** What task, report and search say of a task. */
async function said(platform: TestPlatform, task: Task) {
  const report = await platform.report(task);
  const { items } = await platform.elasticsearch.search.search(
    { q: `sha256:${task.sha256}`, scope: "samples", size: 1 },
    EVERYTHING,
  );
  return {
    levels: [task.verdict, report.verdict.level, items[0]!.verdict],
    reasons: report.verdict.reasons.map(({ heuristic, evidence }) => [heuristic, ...evidence]),
    report,
  };
}

Deno.test("what holds a malicious file says so, as do those around it, in task, report and search", async () => {
  await using platform = await testPlatform();
  await platform.start();

  const tasks = await settled(platform, await platform.submit(["hold\nplain\nhold|plain2|evil\\1\n"]));

  const outer = tasks.find(({ depth }) => depth === 0);
  const inner = tasks.find(({ depth, fileType }) => depth === 1 && fileType === "hold");
  const evil = tasks.find(({ fileType }) => fileType === "evil");
  assert.equal(evil!.verdict, "malicious");
  const around = await said(platform, outer!);
  assert.deepEqual(around.levels, ["malicious", "malicious", "malicious"]);
  assert.deepEqual(around.reasons, [["contains-malicious", `${inner!.sha256}: ${inner!.name}`]]);
  const within = await said(platform, inner!);
  assert.deepEqual(within.levels, ["malicious", "malicious", "malicious"]);
  assert.deepEqual(within.reasons, [["contains-malicious", `${evil!.sha256}: ${evil!.name}`]]);
  const plain = tasks.find(({ fileType }) => fileType === "plain")!;
  assert.deepEqual((await said(platform, plain)).levels, ["unknown", "unknown", "unknown"]);
});

Deno.test("what holds a file that an earlier report judges says so, and who was answered by it too", async () => {
  await using platform = await testPlatform();
  await platform.start();
  await settled(platform, await platform.submit(["odd\n1"]));

  const [first] = (await settled(platform, await platform.submit(["hold\nodd|1\n"]))).filter(({ depth }) =>
    depth === 0
  );
  const [answered] = await platform.submit(["hold\nodd|1\n"]);

  assert.deepEqual((await said(platform, first!)).levels, ["suspicious", "suspicious", "suspicious"]);
  assert.deepEqual([answered!.reportId, answered!.verdict], [first!.id, "suspicious"]);
});
