import { EVERYTHING, type Report, type TaskId, type Timestamp, withContents, withKnown } from "@assay/core";
import type { KnownHash, KnownHashes, Parents, ParentTask, Queue, Reports, Samples } from "@assay/infra";
import { hashesOf } from "../batch/report.ts";

/** What judging needs. */
export interface JudgeDependencies {
  readonly parents: Parents;
  readonly queue: Pick<Queue, "tell">;
  readonly reports: Pick<Reports, "find" | "store">;
  readonly samples: Pick<Samples, "facts">;
  readonly knownHashes: Pick<KnownHashes, "match">;
}

/** Storing waits until searches see it: several wait together. */
const AT_ONCE = 20;

/**
 * Has the reports of these tasks say what was found inside their samples and what is known of their hashes now: the next revision of the
 * report is stored first, then the task says the same. Doing it twice changes nothing but the revision.
 * @throws {Error} where a report is refused
 */
export async function judgeTasks(ids: readonly TaskId[], dependencies: JudgeDependencies): Promise<void> {
  const { parents, reports, knownHashes } = dependencies;
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const taken = await parents.take(ids.slice(at, at + AT_ONCE));
    const found = await Promise.all(taken.map(async (task) => {
      const report = await reports.find(task.taskId, EVERYTHING);
      return report === null ? [] : [{ task, report }]; // null: removed since
    }));
    const all = found.flat();
    const known = await knownHashes.match(
      all.map(({ report }) => ({ ...hashesOf(report.digests), tlp: report.tlp })),
    );
    await Promise.all(all.map(({ task, report }, i) => judge(task, report, known[i]!, dependencies)));
  }
}

async function judge(
  task: ParentTask,
  report: Report,
  known: readonly KnownHash[],
  { parents, queue, reports, samples }: JudgeDependencies,
): Promise<void> {
  const { taskId, submissionId, revision, children } = task;
  const own = withKnown(report.verdict, report.modules, known);
  const verdict = withContents(own, report.modules, children);
  const { failed } = await reports.store([{ ...report, revision, verdict }], samples.facts);
  const refused = failed.get(taskId);
  if (refused !== undefined) throw new Error(`Cannot store report '${taskId}': ${refused}`);
  await parents.judged(task, verdict.level, verdict.score);
  queue.tell({
    type: "task",
    taskId,
    submissionId,
    status: "complete",
    reason: null,
    reportId: taskId,
    at: new Date().toISOString() as Timestamp,
  });
}
