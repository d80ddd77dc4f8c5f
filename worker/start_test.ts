import { EVERYTHING, type ModuleRun, Report } from "@assay/core";
import { createModules } from "@assay/infra";
import assert from "node:assert/strict";
import { type TestPlatform, testPlatform } from "./testing.ts";

function endsOf(report: { modules: readonly ModuleRun[] }): Record<string, string> {
  return Object.fromEntries(report.modules.map((run) => [run.module, run.status]));
}

Deno.test("startWorker() takes a sample to a stored report, and every module to its end", async () => {
  await using platform = await testPlatform();
  await platform.start();

  const [task] = await platform.final(await platform.submit(["plain\n"]));

  assert.equal(task!.status, "complete");
  const report = await platform.report(task!);
  assert.deepEqual(Report.parse(report), report);
  assert.deepEqual(endsOf(report), {
    closed: "skipped",
    echo: "ok",
    filetype: "ok",
    flooding: "skipped",
    hanging: "skipped",
    holding: "skipped",
    hungry: "skipped",
    lying: "skipped",
    nothing: "nothing",
    picky: "skipped",
    reaching: "skipped",
    throwing: "skipped",
  });
  assert.deepEqual([task!.fileType, report.fileType, report.mime], ["plain", "plain", "test/plain"]);
  assert.deepEqual([report.tags, report.metadata, report.submitter], [["tagged"], { case: "7" }, "test"]);
  assert.equal(task!.verdict, report.verdict.level);
});

Deno.test("startWorker() costs a bad sample its own module only, and its batch nothing", async () => {
  await using platform = await testPlatform();
  await platform.start();

  const tasks = await platform.final(
    await platform.submit(["hang\n", "heap\n", "throw\n", "lie\n", "flood\n", "picked\n", ""]),
  );

  assert.deepEqual(new Set(tasks.map(({ status }) => status)), new Set(["complete"]));
  const ends = new Map(
    await Promise.all(
      tasks.map(async (task) => [task.fileType, endsOf(await platform.report(task))] as const),
    ),
  );
  assert.equal(ends.get("hang")!.hanging, "timeout");
  assert.equal(ends.get("heap")!.hungry, "error");
  assert.equal(ends.get("throw")!.throwing, "error");
  assert.equal(ends.get("lie")!.lying, "error");
  assert.equal(ends.get("flood")!.flooding, "ok");
  assert.equal(ends.get("picked")!.picky, "ok");
  for (const one of ends.values()) assert.equal(one.nothing, "nothing");
});

Deno.test("startWorker() says in the report that a task tried again ran without its forgotten password", async () => {
  await using platform = await testPlatform();
  const [task] = await platform.submit(["plain again\n"], { password: "s3cret" });
  await platform.tasks.cancel(task!.id, EVERYTHING);
  await platform.tasks.retry(task!.id, EVERYTHING);
  await platform.start();

  const [ended] = await platform.final([task!]);

  const { limits } = await platform.report(ended!);
  assert.deepEqual(limits.filter((note) => note.includes("password")), [
    "echo: ran without the submission's password, which was forgotten when the submission was over",
  ]);
});

Deno.test("startWorker() makes what is extracted samples of its own, with links to the parent", async () => {
  await using platform = await testPlatform({ extraction: { maxChildren: 3 } });
  await platform.start();

  const tasks = await platform.final(await platform.submit(["flood\n"]));

  const parent = tasks.find(({ depth }) => depth === 0)!;
  const children = tasks.filter(({ depth }) => depth === 1);
  assert.equal(children.length, 3);
  assert.deepEqual(new Set(tasks.map(({ status }) => status)), new Set(["complete"]));
  const report = await platform.report(parent);
  assert.deepEqual(report.children.map(({ name }) => name), ["0", "1", "2"]);
  const child = await platform.report(children[0]!);
  assert.deepEqual(child.parent, { sha256: parent.sha256, taskId: parent.id });
});

Deno.test("startWorker() takes results from before where nothing changed, unless all shall run", async () => {
  await using platform = await testPlatform();
  await platform.start();
  const scan = async (rescan: "changed" | "all") => {
    const [task] = await platform.final(await platform.submit(["plain\n"], { rescan, name: "same" }));
    return await platform.report(task!);
  };
  const cached = (report: Report) => report.modules.filter((run) => run.cached).map((run) => run.module);

  const first = await scan("changed");
  const second = await scan("changed");
  const third = await scan("all");

  assert.deepEqual(cached(first), []);
  assert.deepEqual(cached(second).sort(), ["echo", "filetype", "nothing"]);
  assert.deepEqual(cached(third), []);
  const observations = (report: Report) =>
    report.modules.map((run) => run.status === "ok" ? run.observations : run.status);
  assert.deepEqual(observations(second), observations(first));
  assert.equal(second.fileType, "plain");
});

Deno.test("startWorker() runs the modules asked for with what they require, and says so of the others", async () => {
  await using platform = await testPlatform();
  await platform.start();

  const [task] = await platform.final(await platform.submit(["plain\n"], { modules: ["echo"] }));

  const report = await platform.report(task!);
  const ends = endsOf(report);
  assert.deepEqual([ends.echo, ends.filetype, ends.nothing], ["ok", "ok", "skipped"]);
  const nothing = report.modules.find(({ module }) => module === "nothing")!;
  assert.equal("reason" in nothing && nothing.reason, "Not asked for by the submission");
});

Deno.test("startWorker() fails a task whose sample is gone, after its last try, and its batch goes on", async () => {
  await using platform = await testPlatform();
  const submitted = await platform.submit(["gone\n", "plain\n"], { maxAttempts: 2 });
  await platform.samples.remove(submitted[0]!.sha256);
  await platform.start();

  const tasks = await platform.final(submitted);

  const gone = tasks.find(({ sha256 }) => sha256 === submitted[0]!.sha256)!;
  const plain = tasks.find(({ sha256 }) => sha256 === submitted[1]!.sha256)!;
  assert.deepEqual([gone.status, gone.dead, plain.status], ["failed", true, "complete"]);
  assert.match(gone.reason!, /not in the store/);
});

Deno.test("startWorker() shows its samples to searches, and announces its modules", async () => {
  await using platform = await testPlatform();
  const worker = await platform.start();

  const [task] = await platform.final(await platform.submit(["plain\n"]));
  await worker.stop();

  const { items } = await platform.elasticsearch.search.search(
    { q: `sha256:${task!.sha256}`, scope: "samples", size: 10 },
    EVERYTHING,
  );
  assert.deepEqual(items.map(({ reportId }) => reportId), [task!.reportId]);
  const modules = await createModules(platform.sql).list();
  assert.equal(modules.find(({ name }) => name === "closed")?.reason, "Its table is missing");
});

Deno.test("startWorker() ends a task that is cancelled while it runs, and leaves no report", async () => {
  await using platform = await testPlatform({
    worker: { lease: "3s" },
    modules: { hanging: { timeout: "60s" } },
  });
  await platform.start();
  const hangs = startOfHanging(platform);
  await platform.queue.ping();
  const submitted = await platform.submit(["hang\n"]);
  await hangs;

  await platform.tasks.cancel(submitted[0]!.id, EVERYTHING);
  const [task] = await platform.final(submitted);

  assert.deepEqual([task!.status, task!.reportId], ["cancelled", null]);
  assert.equal(await platform.elasticsearch.reports.find(task!.id, EVERYTHING), null);
});

Deno.test("startWorker() gives back what it can't end in time when it stops", async () => {
  await using platform = await testPlatform({ modules: { hanging: { timeout: "20s" } } });
  const first = await platform.start();
  const hangs = startOfHanging(platform);
  await platform.queue.ping();
  const [submitted] = await platform.submit(["hang\n"], { maxAttempts: 1 });
  await hangs;

  await first.stop();

  const back = await platform.tasks.find(submitted!.id, EVERYTHING);
  assert.deepEqual([back!.status, back!.attempt, back!.reason], ["pending", 2, null]);
});

/** Resolves once the module that never ends has started. */
async function startOfHanging({ queue }: TestPlatform): Promise<void> {
  for await (const event of queue.listen(new AbortController().signal)) {
    if (event.type === "module" && event.module === "hanging" && event.status === "started") return;
  }
}
