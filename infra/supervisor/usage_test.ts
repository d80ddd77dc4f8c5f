import assert from "node:assert/strict";
import { openUsageMeter } from "./usage.ts";

Deno.test({
  name: "read() counts a process tree and its resident memory",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using meter = openUsageMeter();
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", "sleep 60 & sleep 60 & echo up; wait"],
      stdin: "null",
      stdout: "piped",
      detached: true,
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    const usage = await meter.read(child.pid);
    assert.equal(usage.processes, 3);
    assert.ok(usage.memory > 500_000 && usage.memory < 50_000_000, String(usage.memory));
    Deno.kill(-child.pid, "SIGKILL");
    await child.status;
    await reader.cancel();
    assert.deepEqual(await meter.read(child.pid), { processes: 0, memory: 0 });
    const [own, again] = await Promise.all([meter.read(Deno.pid), meter.read(Deno.pid)]);
    const { rss } = Deno.memoryUsage();
    assert.ok(own.memory > rss / 2 && again.memory > rss / 2);
  },
});

Deno.test("read() takes nothing but process ids", async () => {
  await using meter = openUsageMeter();
  for (const pid of [0, -1, 1.5, NaN, "1; reboot" as unknown as number]) {
    await assert.rejects(meter.read(pid), RangeError);
  }
});
