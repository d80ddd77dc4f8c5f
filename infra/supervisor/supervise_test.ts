import assert from "node:assert/strict";
import { join } from "node:path";
import type { ProcessSpec } from "./process.ts";
import { processIdentity } from "./identity.ts";
import { endOrphans } from "./records.ts";
import { readStatus } from "./status.ts";
import { backOffDelay, createSupervisor, type Supervisor } from "./supervise.ts";

const backOff = { firstMs: 5, maxMs: 40, stableMs: 60_000 };
const patience = () => AbortSignal.timeout(30_000);

/** A supervisor on folders of its own; everything is stopped and removed at the end. */
async function withSupervisor(
  use: (supervisor: Supervisor, folder: string, log: string[]) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const log: string[] = [];
  const supervisor = createSupervisor({
    runDir: folder,
    logDir: folder,
    backOff,
    log: (line) => log.push(line),
  });
  try {
    await use(supervisor, folder, log);
  } finally {
    await supervisor.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

function shell(name: string, script: string, more: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name,
    program: "/bin/sh",
    args: ["-c", script],
    env: { PATH: "/usr/bin:/bin" },
    stdin: "null",
    ready: /^ready/,
    readyTimeoutMs: 20_000,
    stopSignal: "SIGTERM",
    stopGraceMs: 10_000,
    stage: 0,
    ...more,
  };
}

const pidOf = (supervisor: Supervisor, name: string) =>
  supervisor.states().find((state) => state.name === name)?.pid ?? assert.fail(`no process '${name}'`);

Deno.test("start() gives the line that says ready, after the probe", async () => {
  await withSupervisor(async (supervisor) => {
    let probed = false;
    const probe = () => Promise.resolve(void (probed = true));
    const line = await supervisor.start(shell("one", "echo hello; echo ready 42; exec sleep 60", { probe }));
    assert.equal(line, "ready 42");
    assert.ok(probed);
    assert.equal(supervisor.states()[0]?.phase, "ready");
  });
});

Deno.test("start() fails with the last lines where the process ends before it is ready", async () => {
  await withSupervisor(async (supervisor, folder) => {
    await assert.rejects(
      supervisor.start(shell("bad", "echo reason >&2; exit 3")),
      /Cannot start 'bad': 'bad' ended with code 3\nreason/,
    );
    assert.deepEqual(supervisor.states(), []);
    assert.deepEqual((await readStatus(folder))?.processes, []);
  });
});

Deno.test("start() kills a process that never becomes ready", async () => {
  await withSupervisor(async (supervisor) => {
    await assert.rejects(
      supervisor.start(shell("slow", "exec sleep 60", { readyTimeoutMs: 50 })),
      /'slow' was not ready within 50 ms/,
    );
  });
});

Deno.test("start() fails where there is no such program", async () => {
  await withSupervisor(async (supervisor) => {
    await assert.rejects(
      supervisor.start(shell("none", "", { program: "/nonexistent/x" })),
      /Cannot start 'none'/,
    );
  });
});

Deno.test("a killed process is started again, and the status file tells", async () => {
  await withSupervisor(async (supervisor, folder, log) => {
    await supervisor.start(shell("one", "echo ready; exec sleep 60"));
    const first = pidOf(supervisor, "one");
    Deno.kill(first, "SIGKILL");
    await supervisor.restarted("one", 1, patience());
    assert.notEqual(pidOf(supervisor, "one"), first);
    assert.match(log.join("\n"), /one ended by SIGKILL; starting it again in 5 ms/);
    const state = (await readStatus(folder))?.processes[0];
    assert.equal(state?.restarts, 1);
    assert.equal(state?.lastEnd, "ended by SIGKILL");
  });
});

Deno.test("a process that keeps dying is started with ever longer waits", async () => {
  await withSupervisor(async (supervisor, folder, log) => {
    // It serves on the first and on the fifth start only.
    const count = join(folder, "count");
    const script =
      `echo x >> ${count}; n=$(wc -l < ${count}); [ $n -eq 1 ] || [ $n -ge 5 ] || exit 9; echo ready; exec sleep 60`;
    await supervisor.start(shell("one", script));
    Deno.kill(pidOf(supervisor, "one"), "SIGKILL");
    await supervisor.restarted("one", 4, patience());
    const waits = log.map((line) => /again in (\d+) ms/.exec(line)?.[1]).filter(Boolean).map(Number);
    assert.deepEqual(waits, [5, 10, 20, 40]);
  });
});

Deno.test("backOffDelay() doubles up to the most and never overflows", () => {
  const delays = [1, 2, 3, 8, 5000].map((failures) =>
    backOffDelay({ firstMs: 250, maxMs: 30_000, stableMs: 1 }, failures)
  );
  assert.deepEqual(delays, [250, 500, 1000, 30_000, 30_000]);
});

Deno.test("a process that was stable starts again with the first wait", async () => {
  const folder = await Deno.makeTempDir();
  const log: string[] = [];
  const supervisor = createSupervisor({
    runDir: folder,
    logDir: folder,
    backOff: { firstMs: 5, maxMs: 40, stableMs: 0 },
    log: (line) => log.push(line),
  });
  try {
    await supervisor.start(shell("one", "echo ready; exec sleep 60"));
    for (const restarts of [1, 2, 3]) {
      Deno.kill(pidOf(supervisor, "one"), "SIGKILL");
      await supervisor.restarted("one", restarts, patience());
    }
    assert.deepEqual(
      log.filter((line) => line.includes("again in")).map((line) => line.slice(-4)),
      Array(3).fill("5 ms"),
    );
  } finally {
    await supervisor.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("stop() ends the highest stage first and kills what does not listen, children too", async () => {
  await withSupervisor(async (supervisor, folder) => {
    const file = join(folder, "order");
    const polite = (name: string, stage: number) =>
      shell(name, `trap 'echo ${name} >> ${file}; exit 0' TERM; echo ready; while :; do sleep 0.02; done`, {
        stage,
      });
    await supervisor.start(polite("server", 0));
    await supervisor.start(polite("api", 1));
    const stubborn = `sh -c 'trap "" TERM; echo ready $$; sleep 600' & trap "" TERM; wait; sleep 600`;
    const line = await supervisor.start(shell("stubborn", stubborn, { stage: 2, stopGraceMs: 50 }));
    const child = Number(line.split(" ")[1]);
    const pids = supervisor.states().map((state) => state.pid ?? assert.fail());
    await supervisor.stop();
    assert.deepEqual((await Deno.readTextFile(file)).trim().split("\n"), ["api", "server"]);
    assert.deepEqual(supervisor.states().map((state) => state.phase), ["stopped", "stopped", "stopped"]);
    for (const pid of pids) assert.equal(await processIdentity(pid), null);
    // The killed group's child goes to init, which takes its moment to see it end.
    while (await processIdentity(child) !== null) await new Promise((resolve) => setImmediate(resolve));
  });
});

Deno.test("stop() does not wait out a back-off", async () => {
  const folder = await Deno.makeTempDir();
  const waiting = Promise.withResolvers<void>();
  const supervisor = createSupervisor({
    runDir: folder,
    logDir: folder,
    backOff: { firstMs: 3_600_000, maxMs: 3_600_000, stableMs: 1 },
    log: (line) => line.includes("starting it again") && waiting.resolve(),
  });
  await supervisor.start(shell("one", "echo ready; exec sleep 60"));
  Deno.kill(pidOf(supervisor, "one"), "SIGKILL");
  await waiting.promise;
  await supervisor.stop();
  assert.equal(supervisor.states()[0]?.phase, "stopped");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a held standard input closes with the supervisor's process", async () => {
  const folder = await Deno.makeTempDir();
  // A supervisor in a process of its own, killed while its child reads standard input.
  const script = `
    import { createSupervisor } from ${JSON.stringify(import.meta.resolve("./supervise.ts"))};
    const supervisor = createSupervisor({ runDir: ${JSON.stringify(folder)}, logDir: ${
    JSON.stringify(folder)
  } });
    const line = await supervisor.start({ name: "one", program: "/bin/sh", env: { PATH: "/usr/bin:/bin" }, stdin: "held",
      args: ["-c", "echo ready $$; read nothing; echo gone > ${folder}/gone"], ready: /^ready/, readyTimeoutMs: 20000,
      stopSignal: "SIGTERM", stopGraceMs: 1000, stage: 0 });
    console.log(line);
  `;
  const parent = new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = parent.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const pid = Number(value.split(" ")[1]);
  parent.kill("SIGKILL");
  await parent.status;
  await reader.cancel();
  while (await processIdentity(pid) !== null) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await Deno.readTextFile(join(folder, "gone")), "gone\n");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("endOrphans() ends what a killed run noted, and nobody else's process", async () => {
  const folder = await Deno.makeTempDir();
  const start = () => new Deno.Command("/bin/sleep", { args: ["60"], stdin: "null", stdout: "null" }).spawn();
  const [orphan, other] = [start(), start()];
  const note = async (name: string, pid: number, identity: string | null) =>
    await Deno.writeTextFile(
      join(folder, `${name}.pid.json`),
      JSON.stringify({ name, pid, identity, stopSignal: "SIGTERM" }),
    );
  await note("orphan", orphan.pid, await processIdentity(orphan.pid));
  await note("other", other.pid, "an earlier boot:123");
  await note("gone", 2 ** 22 + 1, "an earlier boot:456");
  await Deno.writeTextFile(join(folder, "torn.pid.json"), '{"name":"to');
  assert.deepEqual(await endOrphans(folder), ["orphan"]);
  assert.equal((await orphan.status).signal, "SIGTERM");
  assert.notEqual(await processIdentity(other.pid), null);
  other.kill();
  await other.status;
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder, { recursive: true });
});
