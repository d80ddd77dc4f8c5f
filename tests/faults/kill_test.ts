import assert from "node:assert/strict";
import { formOf, realFiles } from "../platform/files.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

interface Task {
  readonly id: string;
  readonly sha256: string;
  readonly status: string;
  readonly reason: string | null;
  readonly reportId: string | null;
}
interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

const FILES = 300;
const PORTION = 60;

Deno.test("a scan of 300 files survives kill -9 of worker, NATS, Elasticsearch and PostgreSQL", async () => {
  await using platform = await startPlatform({
    env: {
      ASSAY_WORKER_LEASE: "5s",
      ASSAY_WORKER_MAX_ATTEMPTS: "10",
      ASSAY_WORKER_INTERACTIVE_MAX_SAMPLES: "25",
    },
  });
  const files = await realFiles(FILES);
  const submitted = new Map<string, string>();
  const victims = ["worker", "nats", "elasticsearch", "postgres"];

  for (let at = 0; at < FILES; at += PORTION) {
    for (const [id, sha256] of await submit(platform, files.slice(at, at + PORTION))) {
      submitted.set(id, sha256);
    }
    const victim = victims.shift();
    if (victim) await killWhileScanning(platform, victim);
  }
  assert.equal(submitted.size, FILES);

  await until("every task reaches a final state", 240_000, async () => {
    const tasks = await allTasks(platform).catch(() => null); // a store may still be on its way back
    return tasks?.filter((task) => submitted.has(task.id)).every((task) => isFinal(task.status))
      ? tasks
      : null;
  });
  const tasks = (await allTasks(platform)).filter((task) => submitted.has(task.id));
  assert.deepEqual(tasks.filter((task) => task.status !== "complete").map((task) => task.reason), []);

  const reports = await allReports(platform);
  assert.equal(new Set(reports).size, reports.length, "no report is there twice");
  const present = new Set(reports);
  for (const task of tasks) {
    assert.equal(task.reportId, task.id);
    assert.ok(present.has(task.id), `the report of ${task.id} is searchable`);
    const report = await platform.ask<{ sha256: string }>(`/api/v1/reports/${task.id}`);
    assert.equal(report.sha256, submitted.get(task.id));
  }
});

/** Submits, again and again while a store is on its way back; a refusal means that nothing was noted. */
async function submit(
  platform: Platform,
  files: Awaited<ReturnType<typeof realFiles>>,
): Promise<[string, string][]> {
  const { tasks } = await until("a submission is taken", 60_000, async () => {
    const response = await platform.request("/api/v1/submissions", { method: "POST", body: formOf(files) });
    if (response.status === 503) {
      await response.body?.cancel();
      return null;
    }
    assert.equal(response.status, 202, await response.clone().text());
    return await response.json() as { tasks: Task[] };
  });
  return tasks.map((task) => [task.id, task.sha256]);
}

async function killWhileScanning(platform: Platform, victim: string): Promise<void> {
  await until(`work is under way when ${victim} is killed`, 60_000, async () => {
    const running = await platform.ask<Page<Task>>("/api/v1/tasks?status=running&size=1").catch(() => null);
    return running?.items[0] ?? null;
  });
  const before = (await platform.status()).processes.find((process) => process.name === victim)!;
  Deno.kill(before.pid!, "SIGKILL");
  await until(`${victim} is started again`, 60_000, async () => {
    const now = (await platform.status()).processes.find((process) => process.name === victim)!;
    return now.restarts > before.restarts && now.phase === "ready" ? now : null;
  });
}

const isFinal = (status: string) => ["complete", "failed", "cancelled"].includes(status);

async function allTasks(platform: Platform): Promise<Task[]> {
  return await allPages<Task>(platform, "/api/v1/tasks?size=100");
}

async function allReports(platform: Platform): Promise<string[]> {
  const hits = await allPages<{ reportId: string }>(platform, "/api/v1/search?scope=reports&q=&size=100");
  return hits.map((hit) => hit.reportId);
}

async function allPages<T>(platform: Platform, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: Page<T> = await platform.ask(
      cursor === "" ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    items.push(...page.items);
    cursor = page.cursor;
  }
  return items;
}
