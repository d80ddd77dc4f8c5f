import type { Task, TaskId, Visibility } from "@assay/core";
import type { Reports, Search } from "../elasticsearch/repositories.ts";
import type { Tasks } from "../postgres/repositories.ts";

/**
 * Deletes a task and its report; PostgreSQL has the sample's document built anew. Where Elasticsearch goes away in
 * between, the report is left for a moment: asking again finds and deletes it.
 */
export async function removeTask(
  task: Task,
  visibility: Visibility,
  { tasks, reports, search }: {
    readonly tasks: Pick<Tasks, "remove">;
    readonly reports: Pick<Reports, "remove">;
    readonly search: Pick<Search, "ping">;
  },
): Promise<"removed" | "not-found" | "not-final" | "in-use" | "held"> {
  await search.ping();
  const end = await tasks.remove(task.id, visibility);
  if (end === "removed") await reports.remove(task.id);
  return end;
}

/** Deletes a visible report whose task is gone: what {@link removeTask} may have left. False where there is none. */
export async function removeLeftReport(
  id: TaskId,
  visibility: Visibility,
  { reports }: { readonly reports: Pick<Reports, "find" | "remove"> },
): Promise<boolean> {
  return await reports.find(id, visibility) !== null && await reports.remove(id);
}
