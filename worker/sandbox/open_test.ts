import assert from "node:assert/strict";
import { openSandbox } from "./open.ts";
import type { SandboxedCommand } from "./sandbox.ts";

const sandbox = await openSandbox("auto");
const ignore = sandbox.missing !== null;
const because = ignore ? ` (${sandbox.missing})` : "";
const forever = new AbortController().signal;
const sh = (script: string, given: Partial<SandboxedCommand> = {}) =>
  sandbox.run({ program: "/bin/sh", args: ["-c", script], timeoutMs: 20_000, ...given }, forever);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();

Deno.test({
  name: `openSandbox() shows a program only what it is given, read-only${because}`,
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/mine`, "mine");
    await Deno.writeTextFile(`${folder}/other`, "other");
    const { stdout } = await sh(
      `cat ${folder}/mine; ls ${folder}; cat ${folder}/other /etc/shadow ${import.meta.filename} 2>&1; echo x > ${folder}/mine; cat ${folder}/mine; id -u; touch /x /tmp/y 2>&1; grep ^CapEff /proc/self/status`,
      { readOnly: [`${folder}/mine`] },
    );
    const said = text(stdout);
    assert.match(said, /^minemine\n/);
    assert.equal(said.match(/No such file/g)?.length, 3, said);
    assert.match(said, /mine[1-9]\d{4,}\n/);
    assert.match(said, /touch: cannot touch '\/x': Read-only file system/);
    assert.match(said, /CapEff:\t0{16}$/);
    assert.equal(await Deno.readTextFile(`${folder}/mine`), "mine");
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: `openSandbox() gives a program no network and no environment${because}`,
  ignore,
  async fn() {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const { stdout } = await sh(
      `grep -c : /proc/net/dev; (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>&1; env | sort | cut -d= -f1 | tr '\\n' ' '`,
      {
        env: { ONLY: "this" },
        program: "/bin/bash",
      },
    );
    assert.match(text(stdout), /^1\n[\s\S]*(refused|unreachable)[\s\S]*HOME LANG ONLY PATH PWD/);
    listener.close();
  },
});

Deno.test("run() ends a program that takes too long, with everything it started", async () => {
  const mark = `sleep 3${Math.floor(Math.random() * 1e6)}`;
  await assert.rejects(sh(`${mark} & ${mark} & wait`, { timeoutMs: 300 }), { name: "TimeoutError" });
  const left = await new Deno.Command("/bin/sh", {
    args: ["-c", `ps ax | grep '${mark}' | grep -v grep | wc -l`],
  }).output();
  assert.equal(text(left.stdout), "0");
});

Deno.test("run() ends a program that floods, eats memory or multiplies", async () => {
  await assert.rejects(sh("yes", { maxOutput: 100_000 }), /printed more than 100000 bytes/);
  await assert.rejects(sh(`head -c 400M /dev/zero | tail`, { maxMemory: 100_000_000 }), /bytes of memory/);
  await assert.rejects(sh("for i in $(seq 200); do sleep 20 & done; wait"), /more than 64 processes/);
});

Deno.test("run() ends when it is told to, and tells code and errors of a program that fails", async () => {
  const abort = new AbortController();
  const run = sandbox.run({ program: "/bin/sleep", args: ["30"], timeoutMs: 60_000 }, abort.signal);
  abort.abort(new Error("not wanted"));
  await assert.rejects(run, /not wanted/);
  const { code, stderr } = await sh("echo bad >&2; exit 3");
  assert.deepEqual({ code, stderr }, { code: 3, stderr: "bad" });
});

Deno.test("lines() gives lines as they come and feeds standard input", async () => {
  const command = { program: "/bin/cat", args: [], stdin: "a\nb\nc", timeoutMs: 10_000 };
  assert.deepEqual(await Array.fromAsync(sandbox.lines(command, forever)), ["a", "b", "c"]);
  const failing = { program: "/bin/sh", args: ["-c", "echo one; exit 2"], timeoutMs: 10_000 };
  await assert.rejects(Array.fromAsync(sandbox.lines(failing, forever)), /ended with code 2/);
});

/** Doubles until each of its thousand leaves sleeps two seconds; ends by itself. */
const bomb = (mark: string) =>
  `b() { [ $1 -gt 0 ] || exec ${mark}; b $(($1-1)) & b $(($1-1)) & wait; }; b 10 & wait; exec sleep 3`;

Deno.test("run() ends a program that forks without end, beside others that go on", async () => {
  const mark = `sleep 2.${Math.floor(Math.random() * 1e6)}`;
  const other = sh("for i in 1 2 3 4 5 6; do sleep 0.1; echo $i; done");
  await assert.rejects(sh(bomb(mark)), /more than 64 processes/);
  assert.equal(text((await other).stdout), "1\n2\n3\n4\n5\n6");
  const left = await new Deno.Command("/bin/sh", { args: ["-c", `ps ax | grep '${mark}' | grep -vc grep`] })
    .output();
  assert.equal(text(left.stdout), "0");
});

const unlimited = sandbox.missing ?? sandbox.unlimited;
Deno.test({
  name: `run() has the kernel stop a program at 512 tasks, each run by itself${
    unlimited === null ? "" : ` (${unlimited})`
  }`,
  ignore: unlimited !== null,
  async fn() {
    const python = `
import threading, time
n = 1
try:
    while n < 700:
        threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
        n += 1
except RuntimeError:
    pass
print(n)`;
    const run = () =>
      sandbox.run({ program: "/usr/bin/python3", args: ["-c", python], timeoutMs: 20_000 }, forever);
    const ends = await Promise.all([run(), run()]);
    for (const { stdout } of ends) assert.match(text(stdout), /^51[12]$/); // bubblewrap's own process may count
  },
});
