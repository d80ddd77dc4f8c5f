import { EVERYTHING, type Task, type Visibility } from "@assay/core";
import type { ApiDependencies } from "../app/dependencies.ts";

/**
 * Deletes a task and its report. The report goes first: where Elasticsearch is away nothing has happened yet, and
 * asking again ends what was begun. Then the sample's document is built anew from what is left.
 */
export async function removeTask(
  task: Task,
  visibility: Visibility,
  { tasks, reports, projector, sampleFacts }: Pick<
    ApiDependencies,
    "tasks" | "reports" | "projector" | "sampleFacts"
  >,
): Promise<"removed" | "not-found" | "not-final"> {
  await reports.remove(task.id);
  const end = await tasks.remove(task.id, visibility);
  if (end !== "removed") return end;
  const [facts] = await sampleFacts.facts([task.sha256]);
  const report = (await reports.latest([task.sha256], EVERYTHING)).get(task.sha256);
  if (facts && report && facts.submissions.length > 0) await projector.project([{ facts, report }]);
  else await projector.remove(task.sha256);
  return end;
}
