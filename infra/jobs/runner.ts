import { type Milliseconds, reasonOf } from "@assay/core";
import { getLogger } from "@logtape/logtape";
import { SearchUnavailableError } from "../elasticsearch/unavailable.ts";
import { isPostgresAway } from "../postgres/away.ts";
import type { ClaimedJob, Jobs } from "../postgres/jobs.ts";
import { ExportError } from "../reports/contract.ts";
import { pause } from "../retry/pause.ts";
import { persist } from "../retry/persist.ts";
import { SampleStoreAwayError } from "../samples/store.ts";
import type { JobKind } from "./kind.ts";

/** What runs jobs. */
export interface RunnerDependencies<Stores> {
  readonly jobs: Pick<Jobs, "claim" | "progress" | "release" | "finish" | "onWaiting">;
  readonly kinds: ReadonlyMap<string, JobKind<Stores>>;
  readonly stores: Stores;
  /** Names this process: no other has its name. */
  readonly worker: string;
  /** How long a job is this process's before another may go on with it. */
  readonly lease: Milliseconds;
}

/** Jobs at a time, so that a long one doesn't hold up a short one. */
const RUNNERS = 2;
/** Looks at least this often, should a notification be lost or a lease run out. */
const LOOK_MS = 5_000;
const PAUSE_MS = 1_000;

const log = getLogger(["assay", "jobs"]);

/** Thrown inside a job that was cancelled, or that another process has taken. */
class JobLostError extends Error {
  override readonly name = "JobLostError";
}

/** Runs jobs until `stop` aborts; what is not over then is given back. Any number of processes may do so. */
export async function runJobs<Stores>(
  dependencies: RunnerDependencies<Stores>,
  stop: AbortSignal,
): Promise<void> {
  let wake = Promise.withResolvers<void>();
  const ring = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const run = async (name: string) => {
    while (!stop.aborted) {
      const woken = wake.promise;
      try {
        const job = await dependencies.jobs.claim([...dependencies.kinds.keys()], name, dependencies.lease);
        if (job !== null) {
          await runJob(job, name, dependencies, stop);
          continue;
        }
      } catch (error) {
        if (!stop.aborted) log.warn("Cannot take a job: {error}", { error: reasonOf(error) });
      }
      await Promise.race([woken, pause(Math.min(LOOK_MS, dependencies.lease), stop)]);
    }
  };
  const names = Array.from({ length: RUNNERS }, (_, at) => `${dependencies.worker}:${at}`);
  await Promise.all([listen(dependencies.jobs, ring, stop), ...names.map(run)]);
}

async function listen(
  jobs: RunnerDependencies<unknown>["jobs"],
  ring: () => void,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      return await jobs.onWaiting(ring, stop);
    } catch (error) {
      log.warn("Cannot listen for jobs: {error}", { error: reasonOf(error) });
      await pause(PAUSE_MS, stop);
    }
  }
}

async function runJob<Stores>(
  job: ClaimedJob,
  worker: string,
  { jobs, kinds, stores, lease }: RunnerDependencies<Stores>,
  stop: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, stop]);
  let { done, total, checkpoint } = job;
  const hold = async (given?: unknown) => {
    if (await jobs.progress(job.id, worker, done, total, lease, given)) return;
    lost.abort(new JobLostError(`Cannot go on with job '${job.id}': it was cancelled or taken`));
  };
  const beat = setInterval(() => {
    // One beat that fails is made up by the next; three, and another worker may take it.
    hold().catch((error) =>
      log.warn("Cannot extend job '{id}': {error}", { id: job.id, error: reasonOf(error) })
    );
  }, lease / 3);
  const attempt = () =>
    kinds.get(job.kind)!.run({
      id: job.id,
      params: job.params,
      owner: job.owner,
      checkpoint,
      stores,
      signal,
      async progress(...given) {
        signal.throwIfAborted();
        [done, total] = given;
        await hold(given[2]);
        lost.signal.throwIfAborted();
        checkpoint = given[2];
      },
    });
  try {
    const end = await ending(attempt, signal);
    if (lost.signal.aborted) return;
    if (end === null) return await jobs.release(job.id, worker);
    if ("error" in end) log.warn("Job '{id}' failed: {error}", { id: job.id, kind: job.kind, ...end });
    await persist("finish job", stop, () => jobs.finish(job.id, worker, end));
  } finally {
    clearInterval(beat);
  }
}

/** How a job ends; null where it was told to stop. While a store is away it is tried again from its checkpoint. */
async function ending(
  attempt: () => Promise<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<{ result: Record<string, unknown> } | { error: string } | null> {
  for (let wait = PAUSE_MS; !signal.aborted; wait = Math.min(2 * wait, 30_000)) {
    try {
      return { result: await attempt() };
    } catch (error) {
      if (signal.aborted) break;
      if (!isAway(error)) return { error: reasonOf(error) };
      log.warn("A job waits for a store that is away: {error}", { error: reasonOf(error) });
      await pause(wait, signal);
    }
  }
  return null;
}

function isAway(error: unknown): boolean {
  return error instanceof SearchUnavailableError || error instanceof SampleStoreAwayError ||
    isPostgresAway(error) || error instanceof ExportError && error.refusal === "away";
}
