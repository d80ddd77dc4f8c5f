import { EVERYTHING, type TaskId, type Timestamp, withContents } from "@assay/core";
import type { Parents, Queue, Reports, Samples } from "@assay/infra";

/** What judging parents needs. */
export interface JudgeDependencies {
  readonly parents: Parents;
  readonly queue: Pick<Queue, "tell">;
  readonly reports: Pick<Reports, "find" | "store">;
  readonly samples: Pick<Samples, "facts">;
}

/**
 * Has the reports of these tasks say what was found inside their samples: the next revision of the report is stored first,
 * then the task says the same. Doing it twice changes nothing but the revision.
 * @throws {Error} where a report is refused
 */
export async function judgeParents(
  ids: readonly TaskId[],
  { parents, queue, reports, samples }: JudgeDependencies,
): Promise<void> {
  if (ids.length === 0) return;
  for (const parent of await parents.take(ids)) {
    const { taskId, submissionId, revision, children } = parent;
    const report = await reports.find(taskId, EVERYTHING);
    if (report === null) continue; // removed since
    const verdict = withContents(report.verdict, report.modules, children);
    const { failed } = await reports.store([{ ...report, revision, verdict }], samples.facts);
    const refused = failed.get(taskId);
    if (refused !== undefined) throw new Error(`Cannot store report '${taskId}': ${refused}`);
    await parents.judged(parent, verdict.level, verdict.score);
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
}
