import assert from "node:assert/strict";
import { formOf, realFiles } from "../platform/files.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

interface Task {
  readonly id: string;
  readonly status: string;
  readonly reportId: string | null;
}

async function submitAndWait(
  platform: Platform,
  files: Awaited<ReturnType<typeof realFiles>>,
): Promise<Task[]> {
  const { id } = await platform.ask<{ id: string }>("/api/v1/submissions", {
    method: "POST",
    body: formOf(files),
  });
  return await until("every task is complete", 60_000, async () => {
    const { items } = await platform.ask<{ items: Task[] }>(`/api/v1/tasks?size=100&submissionId=${id}`);
    return items.length >= files.length && items.every((task) => task.status === "complete") ? items : null;
  });
}

const isAlive = (pid: number) => Deno.stat(`/proc/${pid}`).then(() => true, () => false);

Deno.test("up finds everything again after SIGTERM and after kill -9, and leaves no process behind", async () => {
  const data = await Deno.makeTempDir({ prefix: "assay-up-" });
  let report: string;
  let pids: number[];
  {
    await using platform = await startPlatform({ data });
    report = (await submitAndWait(platform, await realFiles(3)))[0]!.reportId!;
    pids = (await platform.status()).processes.map((process) => process.pid!);
    const began = performance.now();
    const { code } = await platform.end("SIGTERM");
    assert.equal(code, 0);
    assert.ok(performance.now() - began < 30_000, "ends within the 30 s it promises");
    assert.deepEqual(await Promise.all(pids.map(isAlive)), pids.map(() => false));
  }
  {
    await using platform = await startPlatform({ data });
    assert.equal((await platform.ask<{ id: string }>(`/api/v1/reports/${report}`)).id, report);
    pids = (await platform.status()).processes.map((process) => process.pid!);
    await platform.end("SIGKILL");
  }
  {
    await using platform = await startPlatform({ data });
    assert.equal((await platform.ask<{ id: string }>(`/api/v1/reports/${report}`)).id, report);
    await submitAndWait(platform, (await realFiles(6)).slice(3));
    assert.deepEqual(await Promise.all(pids.map(isAlive)), pids.map(() => false), "orphans were ended");
  }
  await Deno.remove(data, { recursive: true });
});
