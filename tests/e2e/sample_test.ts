import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BlobWriter, configure, TextReader, ZipWriter } from "@zip.js/zip.js";
import { formOf, type RealFile, realFiles } from "../platform/files.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

interface Task {
  readonly id: string;
  readonly sha256: string;
  readonly name: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly reportId: string | null;
  readonly parentTaskId: string | null;
}
interface Report {
  readonly id: string;
  readonly sha256: string;
  readonly name: string | null;
  readonly fileType: string;
  readonly digests: Record<string, string>;
  readonly verdict: { level: string };
  readonly children: { sha256: string; name: string }[];
  readonly modules: { module: string; status: string; cached: boolean }[];
}

configure({ useWebWorkers: false });
const ENDS = ["ok", "nothing", "skipped", "error", "timeout", "cancelled"];
const hex = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("hex");
const text = (name: string, content: string): RealFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});

async function submit(platform: Platform, files: readonly RealFile[], options: Record<string, unknown> = {}) {
  return await platform.ask<{ id: string; tasks: Task[] }>("/api/v1/submissions", {
    method: "POST",
    body: formOf(files, options),
  });
}

/** Waits until every task of the submission is final and no new one appeared. */
async function finish(platform: Platform, submissionId: string): Promise<Task[]> {
  return await until(`submission ${submissionId} is finished`, 60_000, async () => {
    const { items } = await platform.ask<{ items: Task[] }>(
      `/api/v1/tasks?size=100&submissionId=${submissionId}`,
    );
    return items.every((task) => ["complete", "failed", "cancelled"].includes(task.status)) ? items : null;
  });
}

const reportOf = (platform: Platform, task: Task) => platform.ask<Report>(`/api/v1/reports/${task.reportId}`);

Deno.test("a sample goes in, is analysed by every module, and comes out whole", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  const files = [
    ...await realFiles(20),
    text("empty", ""),
    text("../../etc/x\n\"'\u202E.exe", "hello world"),
  ];
  const { id } = await submit(platform, files, { tags: ["e2e"], metadata: { case: "7" } });
  const tasks = await finish(platform, id);
  assert.equal(tasks.length >= files.length, true);
  const { items: modules } = await platform.ask<{ items: { name: string; enabled: boolean }[] }>(
    "/api/v1/modules",
  );
  for (const file of files) {
    const task = tasks.find((t) => t.sha256 === hex("sha256", file.bytes) && t.parentTaskId === null)!;
    assert.equal(task.status, "complete", task.reason ?? "");
    const report = await reportOf(platform, task);
    assert.equal(report.name, file.name);
    for (const algorithm of ["sha256", "sha1", "md5", "sha512"]) {
      assert.equal(report.digests[algorithm], hex(algorithm, file.bytes), `${algorithm} of ${file.name}`);
    }
    assert.deepEqual(
      report.modules.map((run) => run.module).sort(),
      modules.filter((module) => module.enabled).map((module) => module.name).sort(),
      "every enabled module has exactly one end",
    );
    assert.deepEqual(report.modules.filter((run) => !ENDS.includes(run.status)), []);
  }
  const found = await platform.ask<{ total: { value: number } }>("/api/v1/search?scope=samples&q=tag%3Ae2e");
  assert.equal(found.total.value, new Set(tasks.map((task) => task.sha256)).size);
});

Deno.test("the same file again: latest answers at once, changed takes what is cached, all runs everything", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  const [file] = await realFiles(1, { least: 1000 });
  const first = (await finish(platform, (await submit(platform, [file!])).id))[0]!;

  const latest = await submit(platform, [file!]);
  assert.equal(latest.tasks[0]!.status, "complete");
  const { reportId } = await platform.ask<Task>(`/api/v1/tasks/${latest.tasks[0]!.id}`);
  assert.equal(reportId, first.id);

  const changed = (await finish(platform, (await submit(platform, [file!], { rescan: "changed" })).id))[0]!;
  const cached = (await reportOf(platform, changed)).modules.filter((run) =>
    ["ok", "nothing"].includes(run.status)
  );
  assert.notEqual(changed.reportId, first.id);
  assert.ok(cached.length > 0 && cached.every((run) => run.cached), "nothing has changed, so nothing ran");

  const all = (await finish(platform, (await submit(platform, [file!], { rescan: "all" })).id))[0]!;
  assert.ok((await reportOf(platform, all)).modules.every((run) => !run.cached));

  const [another] = (await realFiles(2, { least: 1000 })).slice(1);
  const many = await Promise.all(Array.from({ length: 5 }, () => submit(platform, [another!])));
  const ends = (await Promise.all(many.map(({ id }) => finish(platform, id)))).flat();
  assert.equal(
    new Set(ends.map((task) => task.reportId)).size,
    1,
    "a file still pending is never scanned twice",
  );
});

Deno.test("an archive with a password unfolds into samples of its own, linked both ways", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  const zip = new ZipWriter(new BlobWriter(), { password: "s3cret-pass" });
  await zip.add("docs/readme.txt", new TextReader("read me first"));
  await zip.add("../evil.sh", new TextReader("#!/bin/sh\necho hi\n"));
  const bytes = new Uint8Array(await (await zip.close()).arrayBuffer());
  const { id } = await submit(platform, [{ name: "in.zip", bytes }], { password: "s3cret-pass" });
  const tasks = await finish(platform, id);
  assert.equal(tasks.length, 3);
  const parent = tasks.find((task) => task.parentTaskId === null)!;
  const report = await reportOf(platform, parent);
  assert.deepEqual(report.children.map((child) => child.name).sort(), ["../evil.sh", "docs/readme.txt"]);
  assert.ok(!JSON.stringify(report).includes("s3cret-pass"), "the password stays out of the report");
  const child = report.children[0]!.sha256;
  const { edges } = await platform.ask<{ edges: { from: string; to: string }[] }>(
    `/api/v1/samples/${child}/relations?kinds=parent`,
  );
  assert.deepEqual(edges.map(({ from, to }) => [from, to]), [[`sample:${parent.sha256}`, `sample:${child}`]]);
});

Deno.test("a key cleared to green sees nothing of an amber submission by any way in", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  const file = text("secret-plan.txt", `only amber ${crypto.randomUUID()}`);
  const { id } = await submit(platform, [file], { tlp: "amber", tags: ["hush"] });
  const [task] = await finish(platform, id);
  const { text: key } = await platform.ask<{ text: string }>("/api/v1/keys", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "green", scopes: ["submit", "read", "download"], maxTlp: "green" }),
  });
  const as = { headers: { authorization: `Bearer ${key}` } };
  const sha256 = hex("sha256", file.bytes);
  for (
    const path of [
      `submissions/${id}`,
      `tasks/${task!.id}`,
      `reports/${task!.reportId}`,
      `samples/${sha256}`,
      `samples/${sha256}/download`,
      `samples/${sha256}/relations`,
    ]
  ) {
    const response = await platform.request(`/api/v1/${path}`, as);
    await response.body?.cancel();
    assert.equal(response.status, 404, path);
  }
  for (const q of ["", "tag:hush", "name:secret-plan.txt", `sha256:${sha256}`]) {
    for (const scope of ["samples", "reports"]) {
      const found = await platform.ask<{ items: unknown[] }>(
        `/api/v1/search?scope=${scope}&q=${encodeURIComponent(q)}`,
        as,
      );
      assert.deepEqual(found.items, [], `${scope}: ${q}`);
    }
  }
  const { id: own } = await platform.ask<{ id: string }>("/api/v1/submissions", {
    ...as,
    method: "POST",
    body: formOf([{ ...file, name: "mine.txt" }], { tlp: "green" }),
  });
  const mine = await until("the green reader's own task ends", 60_000, async () => {
    const { items } = await platform.ask<{ items: Task[] }>(`/api/v1/tasks?submissionId=${own}`, as);
    return items[0]?.status === "complete" ? items[0] : null;
  });
  assert.notEqual(mine.reportId, task!.reportId, "uploading bytes never grants another submission's report");
  const sample = await platform.request(`/api/v1/samples/${sha256}`, as);
  const shown = await sample.text();
  assert.equal(sample.status, 200);
  assert.ok(!shown.includes("secret-plan") && !shown.includes("hush"), shown);
});
