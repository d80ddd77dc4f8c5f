import { type JobId, newId } from "@assay/core";
import assert from "node:assert/strict";
import { SearchUnavailableError } from "../elasticsearch/unavailable.ts";
import { connectPostgres } from "../postgres/connect.ts";
import { createJobs, type Job, type Jobs } from "../postgres/jobs.ts";
import { migrate } from "../postgres/migrate.ts";
import { testDatabase } from "../stack/testing.ts";
import type { JobKind, RunningJob } from "./kind.ts";
import { runJobs } from "./runner.ts";

/** Jobs in a database of their own, and runners that are stopped at the end. */
async function bench() {
  const database = await testDatabase();
  const sql = connectPostgres({ url: database.url, name: "test", max: 8 });
  await migrate(sql);
  const jobs = createJobs(sql);
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  return {
    sql,
    url: database.url,
    jobs,
    stop,
    start(worker: string, run: JobKind<unknown>["run"], lease = 60_000, signal = stop.signal) {
      const kinds = new Map([["count", { kind: "count", run }]]);
      const runner = runJobs({ jobs, kinds, stores: null, worker, lease }, signal);
      running.push(runner);
      return runner;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(running);
      await sql.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Resolves with the job once it is over. A job's end is not told to anybody, so it is looked for. */
async function over(jobs: Jobs, id: JobId): Promise<Job> {
  for (;;) {
    const job = (await jobs.find(id))!;
    if (job.finished !== null) return job;
  }
}

Deno.test("each job is run by one of two workers, once", async () => {
  await using given = await bench();
  const ran: string[] = [];
  const run = (worker: string) => async (job: RunningJob<unknown>) => {
    ran.push(job.id);
    await job.progress(1, 1, { by: worker });
    return { by: worker };
  };
  given.start("one", run("one"));
  given.start("two", run("two"));
  const made = await Promise.all(Array.from({ length: 30 }, () => given.jobs.create("count", {}, null)));
  const ends = await Promise.all(made.map(({ id }) => over(given.jobs, id)));
  assert.deepEqual(ran.toSorted(), made.map(({ id }) => id as string).sort());
  assert.ok(ends.every(({ status, done }) => status === "complete" && done === 1));
});

Deno.test("a job whose worker is killed goes on at another one from its checkpoint", async () => {
  await using given = await bench();
  const { id } = await given.jobs.create("count", {}, null);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      new URL("./fixtures/count.ts", import.meta.url).href,
      given.url,
      "3000",
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /counted two/);
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  const from: unknown[] = [];
  given.start("heir", async (job) => {
    from.push(job.checkpoint);
    const { counted } = job.checkpoint as { counted: number[] };
    await job.progress(4, 4, { counted: [...counted, 3, 4] });
    return { counted: [...counted, 3, 4] };
  }, 3000);
  const end = await over(given.jobs, id);
  assert.deepEqual(from, [{ counted: [1, 2] }]);
  assert.deepEqual([end.status, end.result], ["complete", { counted: [1, 2, 3, 4] }]);
});

Deno.test("a job that always ends its worker is failed in the end", async () => {
  await using given = await bench();
  const { id } = await given.jobs.create("count", {}, null);
  for (let run = 0; run < 5; run++) {
    assert.equal((await given.jobs.claim(["count"], `w${run}`, 0))?.id, id);
  }
  assert.equal(await given.jobs.claim(["count"], "w6", 60_000), null);
  const job = (await given.jobs.find(id))!;
  assert.deepEqual([job.status, job.error], ["failed", "Cannot finish: 5 runs ended with their workers"]);
});

Deno.test("a cancelled job stops, and nothing that it does later counts", async () => {
  await using given = await bench();
  const { id } = await given.jobs.create("count", {}, null);
  const begun = Promise.withResolvers<RunningJob<unknown>>();
  const ended = Promise.withResolvers<unknown>();
  given.start("one", async (job) => {
    begun.resolve(job);
    await new Promise((resolve) => job.signal.addEventListener("abort", resolve));
    await job.progress(9, 9, "late").catch(ended.resolve);
    throw new Error("late");
  }, 300);
  await begun.promise;
  await given.jobs.cancel(id);
  assert.equal((await ended.promise as Error).name, "JobLostError");
  const job = (await given.jobs.find(id))!;
  assert.deepEqual([job.status, job.done, job.error], ["cancelled", 0, null]);
});

Deno.test("a worker that stops gives its job back, and another goes on at once", async () => {
  await using given = await bench();
  const { id } = await given.jobs.create("count", {}, null);
  const begun = Promise.withResolvers<void>();
  const first = new AbortController();
  const stopped = given.start(
    "one",
    async (job) => {
      await job.progress(1, 2, "half");
      begun.resolve();
      await new Promise((_, reject) => job.signal.addEventListener("abort", () => reject(job.signal.reason)));
      return {};
    },
    60_000,
    first.signal,
  );
  await begun.promise;
  first.abort();
  await stopped;
  assert.equal((await given.jobs.find(id))!.status, "pending");
  given.start("two", (job) => Promise.resolve({ from: job.checkpoint }));
  assert.deepEqual((await over(given.jobs, id)).result, { from: "half" });
});

Deno.test("a job waits for a store that is away and goes on from its checkpoint; other failures end it", async () => {
  await using given = await bench();
  const seen: unknown[] = [];
  given.start("one", async (job) => {
    seen.push(job.checkpoint);
    if (job.params["broken"]) throw new Error("Cannot read parameters: they are broken");
    if (job.checkpoint === null) {
      await job.progress(1, 2, "half");
      throw new SearchUnavailableError("away");
    }
    return { ok: true };
  });
  const good = await given.jobs.create("count", {}, null);
  assert.deepEqual((await over(given.jobs, good.id)).result, { ok: true });
  assert.deepEqual(seen, [null, "half"]);
  const bad = await given.jobs.create("count", { broken: true }, null);
  const end = await over(given.jobs, bad.id);
  assert.deepEqual([end.status, end.error], ["failed", "Cannot read parameters: they are broken"]);
  assert.equal(await given.jobs.find(newId<JobId>()), null);
});
