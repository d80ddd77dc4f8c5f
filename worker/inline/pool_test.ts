import { Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { InlineEnd, InlineJob } from "./job.ts";
import { createInlinePool, type InlinePool, type PoolOptions } from "./pool.ts";

const names = [
  "filetype",
  "echo",
  "nothing",
  "picky",
  "throwing",
  "hanging",
  "hungry",
  "flooding",
  "lying",
  "closed",
  "reaching",
];
const extraction = { maxChildren: 10, maxFileBytes: 1000, maxBytes: 10_000, maxRatio: 1000 };

function openPool(more: Partial<PoolOptions> = {}): InlinePool & AsyncDisposable {
  const pool = createInlinePool({
    modules: names.map((name) => ({
      name,
      url: new URL(`./fixtures/${name}/mod.ts`, import.meta.url).href,
      options: name === "echo" ? { tag: "told" } : {},
    })),
    extraction,
    heapMegabytes: 64,
    size: 1,
    maxResident: 600 * 1024 * 1024,
    timeoutOf: () => 20_000,
    ...more,
  });
  return { ...pool, [Symbol.asyncDispose]: () => pool.close() };
}

type Ran = { ends: Map<string, InlineEnd>; children: string[]; started: string[] };

async function run(pool: InlinePool, content: string, more: Partial<InlineJob> = {}): Promise<Ran> {
  const bytes = new TextEncoder().encode(content);
  const ends = new Map<string, InlineEnd>();
  const children: string[] = [];
  const started: string[] = [];
  await pool.run({
    sha256: Sha256.parse(createHash("sha256").update(bytes).digest("hex")),
    size: bytes.length,
    name: "a name",
    passwords: [],
    modules: names,
    known: new Map(),
    urgent: false,
    signal: new AbortController().signal,
    read: () => Promise.resolve(bytes),
    onStart: (module) => started.push(module),
    onEnd: (module, end) => {
      assert(!ends.has(module), `'${module}' ended twice`);
      ends.set(module, end);
    },
    onChild: (_, name) => Promise.resolve(void children.push(name)),
    ...more,
  });
  return { ends, children, started };
}

function reason(ran: Ran, module: string): string {
  const end = ran.ends.get(module)!;
  return "reason" in end ? `${end.status}: ${end.reason}` : end.status;
}

function raw(ran: Ran, module: string): unknown {
  const end = ran.ends.get(module)!;
  assert.equal(end.status, "ok", reason(ran, module));
  return end.status === "ok" ? end.findings.raw : null;
}

Deno.test("run() ends every module exactly once, and tells why one was skipped", async () => {
  await using pool = openPool();

  const ran = await run(pool, "plain\n");

  assert.deepEqual([...ran.ends.keys()], names);
  assert.equal(reason(ran, "nothing"), "nothing");
  assert.equal(reason(ran, "picky"), "skipped: Does not take files of type 'plain'");
  assert.equal(reason(ran, "closed"), "skipped: Unavailable: Its table is missing");
  assert.deepEqual(await pool.opened, { closed: "Its table is missing" });
  const echo = ran.ends.get("echo")!;
  assert.deepEqual(echo.status === "ok" && echo.findings.observations, [
    { type: "tag", value: "told" },
    { type: "feature", name: "size", value: 6 },
    { type: "property", field: "name", value: "a name" },
  ]);
});

Deno.test("run() gives a module what those it requires found", async () => {
  await using pool = openPool();

  const ran = await run(pool, "plain\n");

  assert.deepEqual((raw(ran, "echo") as { required: string[] }).required, ["filetype"]);
});

Deno.test("run() skips a sample that is larger than the module takes", async () => {
  await using pool = openPool();

  const ran = await run(pool, `picked\n${"x".repeat(2000)}`);

  assert.equal(reason(ran, "picky"), "skipped: Larger than the limit of 1000 bytes");
});

Deno.test("run() takes samples that don't fit a pipe, and empty ones", async () => {
  await using pool = openPool();

  const [large, empty] = await Promise.all([run(pool, "big\n".padEnd(5_000_000, "x")), run(pool, "")]);

  assert.deepEqual((raw(large, "echo") as { fileType: string }).fileType, "big");
  assert.deepEqual((raw(empty, "echo") as { fileType: string }).fileType, "empty");
});

Deno.test("run() ends a module that throws as error, in a child that goes on", async () => {
  await using pool = openPool();

  const before = await run(pool, "throw\n");
  const after = await run(pool, "plain\n");

  assert.equal(reason(before, "throwing"), "error: Cannot read header: cut off");
  assert.equal((raw(before, "echo") as { pid: number }).pid, (raw(after, "echo") as { pid: number }).pid);
});

Deno.test("run() ends a module that hangs as timeout, and the other modules in a fresh child", async () => {
  await using pool = openPool({ timeoutOf: (module) => module === "hanging" ? 300 : 20_000 });

  const ran = await run(pool, "hang\n", { modules: ["filetype", "hanging", "echo", "nothing"] });
  const next = await run(pool, "plain\n");

  assert.equal(reason(ran, "hanging"), "timeout: Took longer than 300 ms");
  assert.equal(reason(ran, "nothing"), "nothing");
  assert.equal((raw(ran, "echo") as { fileType: string }).fileType, "hang");
  assert.deepEqual((raw(ran, "echo") as { required: string[] }).required, ["filetype"]);
  assert.equal((raw(ran, "echo") as { pid: number }).pid, (raw(next, "echo") as { pid: number }).pid);
  assert.deepEqual(ran.started, ["filetype", "hanging", "echo", "nothing"]);
});

Deno.test("run() ends a module that exhausts the heap as error, and spares the sample behind it", async () => {
  await using pool = openPool();

  const [hungry, behind] = await Promise.all([run(pool, "heap\n"), run(pool, "plain\n")]);

  assert.equal(reason(hungry, "hungry"), "error: The analysis ran out of memory");
  assert.equal(reason(hungry, "nothing"), "nothing");
  assert.equal(reason(behind, "nothing"), "nothing");
});

Deno.test("run() ends a module that takes memory outside the heap as error", async () => {
  await using pool = openPool();

  const ran = await run(pool, "memory\n");

  assert.equal(reason(ran, "hungry"), "error: The analysis took more than 600 MiB of memory");
  assert.equal(reason(ran, "reaching"), "skipped: Does not take files of type 'memory'");
});

Deno.test("run() bounds observations, raw and children, and notes it", async () => {
  await using pool = openPool();

  const ran = await run(pool, "flood\n");

  const end = ran.ends.get("flooding")!;
  assert.equal(end.status, "ok");
  if (end.status !== "ok") return;
  assert.equal(end.findings.observations.length, 20_000);
  assert.equal(end.findings.raw, null);
  assert.equal(ran.children.length, 10);
  assert.deepEqual(end.findings.limits, [
    "flooding: 20000 of 100000 observations kept",
    "flooding: raw of 2097154 bytes left out, the limit is 1048576",
    "flooding: 10 of 50 children kept",
  ]);
});

Deno.test("run() replaces a child that breaks the protocol", async () => {
  await using pool = openPool();

  const ran = await run(pool, "lie\n");
  const next = await run(pool, "plain\n");

  assert.match(reason(ran, "lying"), /^error: The analysis process broke the protocol/);
  assert.equal(reason(next, "nothing"), "nothing");
});

Deno.test("run() keeps modules from files, network, programs and environment", async () => {
  await using pool = openPool();

  const ran = await run(pool, "reach\n");

  assert.deepEqual(raw(ran, "reaching"), []);
});

Deno.test("run() rejects where the sample can't be read, and goes on with the next", async () => {
  await using pool = openPool();

  const lost = run(pool, "lost\n", { read: () => Promise.reject(new Error("Gone")) });
  const next = run(pool, "plain\n");

  await assert.rejects(lost, /Gone/);
  assert.equal(reason(await next, "nothing"), "nothing");
});

Deno.test("run() takes urgent samples first, and cancels those whose signal aborts in the queue", async () => {
  await using pool = openPool();
  const order: string[] = [];
  const controller = new AbortController();
  const noted = (name: string, more: Partial<InlineJob> = {}) =>
    run(pool, `${name}\n`, {
      modules: ["filetype"],
      onStart: () => order.push(name),
      ...more,
    });

  const first = ["a", "b", "c"].map((name) => noted(name));
  const cancelled = noted("d", { signal: controller.signal });
  const urgent = noted("urgent", { urgent: true });
  controller.abort();
  await Promise.all([...first, urgent]);

  assert.equal(reason(await cancelled, "filetype"), "cancelled: Cancelled");
  assert.equal(order[0], "urgent");
  assert.deepEqual(order.toSorted(), ["a", "b", "c", "urgent"]);
});

Deno.test("run() rejects what isn't finished when the pool closes", async () => {
  const pool = openPool();

  const job = run(pool, "hang\n");
  const refused = assert.rejects(job, /The pool was closed/);
  await pool.opened;
  await pool.close();

  await refused;
});
