import { EVERYTHING, reasonOf, type Report, type TaskId, type TaskStatus, type Timestamp } from "@assay/core";
import { type Completion, persist, SampleStoreAwayError } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import type { BatchEnd } from "../batch/analyze.ts";
import { digestsOf, hashesOf, makeReport } from "../batch/report.ts";
import type { Analysis } from "../batch/scan.ts";
import type { LaneDependencies } from "./dependencies.ts";
import type { HeldTask } from "./held.ts";

const log = getLogger(["assay", "worker", "lane"]);

/** One task's way to its end. */
export interface Ended {
  readonly held: HeldTask;
  readonly end: BatchEnd;
}

/**
 * Ends tasks: report stored and visible to searches first, then complete in PostgreSQL. What can't be analysed is
 * failed, each alone. While a server is away this waits, as long as the leases hold (`signal`).
 */
export async function concludeTasks(
  ended: readonly Ended[],
  dependencies: LaneDependencies,
  signal: AbortSignal,
): Promise<void> {
  const live = ended.filter(({ held }) => !held.signal.aborted);
  const good = live.flatMap(({ held, end }) => "analysis" in end ? [{ held, analysis: end.analysis }] : []);
  const bad = live.flatMap(({ held, end }) => "error" in end ? [{ held, error: end.error }] : []);
  await Promise.all([
    storeAll(good, dependencies, signal),
    ...bad.map(({ held, error }) => failTask(held, error, dependencies, signal)),
  ]);
}

interface Good {
  readonly held: HeldTask;
  readonly analysis: Analysis;
}

async function storeAll(
  all: readonly Good[],
  dependencies: LaneDependencies,
  signal: AbortSignal,
): Promise<void> {
  if (all.length === 0) return;
  const { tasks, reports, samples, knownHashes, held, recent, analysis: { cache } } = dependencies;
  const digests = all.map(({ analysis }) => digestsOf(analysis));
  const files = digests.map((one, i) => ({ ...hashesOf(one), tlp: all[i]!.analysis.task.tlp }));
  const known = await persist("look up known hashes", signal, () => knownHashes.match(files));
  const finished = new Date().toISOString() as Timestamp;
  const made = all.map(({ analysis }, i) => makeReport(analysis, digests[i]!, known[i]!, finished));
  const { failed } = await persist("store reports", signal, () => reports.store(made, samples.facts));
  for (const report of made) if (!failed.has(report.id)) recent.add(report);

  const stored = all.map((one, i) => ({ ...one, report: made[i]! })).filter(({ report }) =>
    !failed.has(report.id)
  );
  await Promise.all([
    ...all.filter(({ analysis: { task } }) => failed.has(task.id)).map((one) =>
      failTask(
        one.held,
        new Error(`Cannot store report: ${failed.get(one.analysis.task.id)}`),
        dependencies,
        signal,
      )
    ),
    ...stored.filter(({ analysis }) => analysis.children.length > 0).map(
      ({ analysis: { task, children } }) => {
        // A file that holds itself is no new sample.
        const files = children.filter(({ sha256 }) => sha256 !== task.sha256);
        return persist("add children", signal, () => tasks.addChildren(task, files));
      },
    ),
  ]);
  const done = await persist("complete tasks", signal, () => tasks.complete(stored.map(completionOf)));
  const completed = new Set(done.map(({ taskId }) => taskId));
  for (const { held: { hold }, analysis, report } of stored) {
    held.end(hold);
    if (completed.has(hold.taskId)) tellEnd(analysis, "complete", null, dependencies);
    else await dropUnwanted(report, dependencies, signal);
  }
  await Promise.all(
    stored.map(({ analysis: { task, results } }) =>
      results && cache.save(task.sha256, results).catch((error) => {
        log.warn("Cannot keep results of '{sha256}': {error}", {
          sha256: task.sha256,
          error: reasonOf(error),
        });
      })
    ),
  );
}

function completionOf({ held: { hold }, report }: { held: HeldTask; report: Report }): Completion {
  return {
    hold,
    revision: report.revision,
    verdict: report.verdict.level,
    score: report.verdict.score,
    fileType: report.fileType,
    runs: report.modules.map((run) => ({
      module: run.module,
      status: run.status,
      reason: "reason" in run ? run.reason : null,
      version: run.version,
      durationMs: run.durationMs,
      cached: run.cached,
    })),
  };
}

/** The task ended another way while its report was stored: only a cancelled one's report has to go. */
async function dropUnwanted(
  { id }: Report,
  { tasks, reports }: LaneDependencies,
  signal: AbortSignal,
): Promise<void> {
  const task = await persist("look at task", signal, () => tasks.find(id, EVERYTHING));
  if (task !== null && task.status !== "cancelled") return;
  await persist("remove report", signal, () => reports.remove(id));
}

async function failTask(
  { task, hold }: HeldTask,
  error: unknown,
  dependencies: LaneDependencies,
  signal: AbortSignal,
): Promise<void> {
  if (isAway(error)) {
    log.warn("Giving task '{taskId}' back: {reason}", { taskId: task.id, reason: reasonOf(error) });
    await persist("release task", signal, () => dependencies.tasks.release([hold]));
    return dependencies.held.end(hold);
  }
  const reason = reasonOf(error);
  log.warn("Task '{taskId}' failed: {reason}", { taskId: task.id, sha256: task.sha256, reason });
  const status = await persist("fail task", signal, () => dependencies.tasks.fail(hold, reason, false));
  dependencies.held.end(hold);
  if (status !== "lost") tellEnd({ task }, status, reason, dependencies);
}

function tellEnd(
  { task }: { task: { id: TaskId; submissionId: Analysis["task"]["submissionId"] } },
  status: TaskStatus,
  reason: string | null,
  { tell }: LaneDependencies,
): void {
  tell({
    type: "task",
    taskId: task.id,
    submissionId: task.submissionId,
    status,
    reason,
    reportId: status === "complete" ? task.id : null,
    at: new Date().toISOString() as Timestamp,
  });
}

/** True where the samples' volume is away: no fault of the sample, so its try isn't counted. */
function isAway(error: unknown): boolean {
  return error instanceof SampleStoreAwayError || (error instanceof Error && isAway(error.cause));
}
