import { type ClaimedTask, type Milliseconds, reasonOf, type TaskId } from "@assay/core";
import type { Hold, Tasks } from "@assay/infra";
import { getLogger } from "@logtape/logtape";

/** A task that this worker has claimed and not ended. */
export interface HeldTask {
  readonly task: ClaimedTask;
  readonly hold: Hold;
  /** Aborts once the task is cancelled or lost to another worker. */
  readonly signal: AbortSignal;
}

/** All tasks that this worker holds; their leases are extended on a timer. */
export interface HeldTasks {
  add(task: ClaimedTask): HeldTask;
  /** Forgets an ended task. */
  end(hold: Hold): void;
  readonly size: number;
  /** Extends every lease; aborts what is no longer held, or what no server has confirmed within the lease. */
  extend(): Promise<void>;
  /** Gives back everything that is still held. */
  release(): Promise<void>;
  close(): void;
}

const log = getLogger(["assay", "worker", "lease"]);

/** Holds tasks for the time of a lease; extends thrice within it. `onLost` hears of tasks that aren't ours any more. */
export function holdTasks(
  tasks: Pick<Tasks, "extend" | "release">,
  lease: Milliseconds,
  onLost: (id: TaskId) => void,
): HeldTasks {
  const held = new Map<TaskId, { hold: Hold; controller: AbortController; confirmed: number }>();
  let extending: Promise<void> = Promise.resolve();

  function lose(id: TaskId, reason: string): void {
    held.get(id)?.controller.abort(new Error(reason));
    held.delete(id);
  }

  async function extend(): Promise<void> {
    if (held.size === 0) return;
    const began = performance.now();
    const asked = [...held.values()];
    try {
      const kept = new Set(
        (await tasks.extend(asked.map(({ hold }) => hold), lease)).map(({ taskId }) => taskId),
      );
      for (const one of asked) {
        if (kept.has(one.hold.taskId)) one.confirmed = began;
        else if (held.has(one.hold.taskId)) {
          lose(one.hold.taskId, "The task was cancelled or given to another worker");
          onLost(one.hold.taskId);
        }
      }
    } catch (error) {
      log.warn("Cannot extend leases: {error}", { error: reasonOf(error) });
      for (const { hold, confirmed } of asked) {
        if (performance.now() - confirmed > lease) lose(hold.taskId, "The lease ran out");
      }
    }
  }

  const timer = setInterval(() => {
    extending = extending.then(extend);
  }, lease / 3);

  return {
    get size() {
      return held.size;
    },
    add(task) {
      const controller = new AbortController();
      const hold = { taskId: task.id, attempt: task.attempt };
      held.set(task.id, { hold, controller, confirmed: performance.now() });
      return { task, hold, signal: controller.signal };
    },
    end(hold) {
      held.delete(hold.taskId);
    },
    extend,
    async release() {
      const holds = [...held.values()].map(({ hold }) => hold);
      for (const { taskId } of holds) lose(taskId, "The worker stops");
      await tasks.release(holds);
    },
    close() {
      clearInterval(timer);
    },
  };
}
