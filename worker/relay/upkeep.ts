import type { Lane, Milliseconds } from "@assay/core";
import type { Queue, Tasks } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { pause } from "../batch/pause.ts";
import { reasonOf } from "../inline/plan.ts";

const log = getLogger(["assay", "worker", "upkeep"]);
const LANES: readonly Lane[] = ["bulk", "interactive"];
/** A task that waits this long although the queue is empty has lost its message. */
const STRANDED_MS = 30_000;
const EVERY_MS = 10_000;

/** Brings back what other workers and the queue lost, until `stop` aborts: leases that ran out, messages that vanished. */
export async function runUpkeep(
  { tasks, queue, every = EVERY_MS }: {
    readonly tasks: Pick<Tasks, "sweep" | "requeueStranded">;
    readonly queue: Pick<Queue, "depth">;
    readonly every?: Milliseconds;
  },
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      const swept = await tasks.sweep();
      if (swept > 0) log.warn("Took back {swept} tasks whose leases ran out", { swept });
      for (const lane of LANES) {
        if (await queue.depth(lane) > 0) continue;
        const count = await tasks.requeueStranded(lane, STRANDED_MS);
        if (count > 0) {
          log.warn("Queued {count} tasks of lane '{lane}' again: their messages were gone", { count, lane });
        }
      }
    } catch (error) {
      if (!stop.aborted) log.warn("Cannot look after tasks: {error}", { error: reasonOf(error) });
    }
    await pause(every, stop);
  }
}
