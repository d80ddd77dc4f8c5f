import {
  isFinal,
  type SubmissionId,
  type Task,
  type TaskEvent,
  type TaskId,
  type Visibility,
} from "@assay/core";
import type { Submissions, Tasks } from "@assay/infra";

/** Which tasks a stream is about; all that the reader may see where neither is given. */
export interface WatchFilter {
  readonly submissionId?: SubmissionId | undefined;
  readonly taskIds?: readonly TaskId[] | undefined;
}

/** Decides which events a reader gets, and finds what he missed. */
export interface Watch {
  /** True where the event is about these tasks, visible, and not older than what was told already. */
  wants(event: TaskEvent): Promise<boolean>;
  /** Events for every change of these tasks that was not told yet, from PostgreSQL, which is the truth. */
  missed(): AsyncIterable<TaskEvent>;
}

/** Tasks looked at to find what was missed. */
const MAX_TASKS = 5000;
/** Submissions whose visibility is remembered. */
const MAX_SUBMISSIONS = 1000;

/** A watch over tasks. `since` (milliseconds) leaves out of the first look what was final before. */
export function watchTasks(
  { tasks, submissions }: { tasks: Pick<Tasks, "find" | "list">; submissions: Pick<Submissions, "find"> },
  filter: WatchFilter,
  visibility: Visibility,
  since: number,
): Watch {
  const told = new Map<TaskId, { status: Task["status"]; at: string }>();
  const seen = new Map<SubmissionId, boolean>();
  const taskIds = filter.taskIds && new Set(filter.taskIds);
  let looked = false;

  async function canSee(id: SubmissionId): Promise<boolean> {
    const known = seen.get(id);
    if (known !== undefined) return known;
    const visible = await submissions.find(id, visibility) !== null;
    seen.set(id, visible);
    if (seen.size > MAX_SUBMISSIONS) seen.delete(seen.keys().next().value!);
    return visible;
  }

  async function* current(): AsyncGenerator<Task> {
    if (taskIds) {
      for (const id of taskIds) {
        const task = await tasks.find(id, visibility);
        if (task) yield task;
      }
      return;
    }
    let cursor: string | null = null;
    let count = 0;
    do {
      const page = await tasks.list(
        { submissionId: filter.submissionId },
        { size: 100, ...(cursor && { cursor }) },
        visibility,
      );
      yield* page.items;
      count += page.items.length;
      cursor = page.cursor;
    } while (cursor !== null && count < MAX_TASKS);
  }

  return {
    async wants(event) {
      if (event.type === "hunt.hit") {
        return !filter.submissionId && !taskIds && event.owner === visibility.reader;
      }
      if (filter.submissionId && event.submissionId !== filter.submissionId) return false;
      if (taskIds && !taskIds.has(event.taskId)) return false;
      // The submission or the tasks were visible when the stream began: nobody lowers that but the owner's deletion.
      const visible = filter.submissionId || taskIds ? true : await canSee(event.submissionId);
      if (!visible || event.type === "module") return visible;
      const last = told.get(event.taskId);
      if (last && (last.status === event.status || last.at > event.at)) return false;
      if (filter.submissionId || taskIds) told.set(event.taskId, event);
      return true;
    },

    async *missed() {
      if (!filter.submissionId && !taskIds) return;
      if (looked && told.size > 0 && [...told.values()].every(({ status }) => isFinal(status))) return;
      for await (const task of current()) {
        const event = eventOf(task);
        const old = !looked && isFinal(task.status) && Date.parse(event.at) < since;
        if (!old && told.get(task.id)?.status !== task.status) yield event;
        told.set(task.id, event);
      }
      looked = true;
    },
  };
}

/** The event that a task's present state amounts to. */
export function eventOf(task: Task): TaskEvent & { type: "task" } {
  const { id: taskId, submissionId, status, reason, reportId } = task;
  return {
    type: "task",
    taskId,
    submissionId,
    status,
    reason,
    reportId,
    at: task.finished ?? task.started ?? task.created,
  };
}
