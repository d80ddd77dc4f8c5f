import { type Lane, type Milliseconds, reasonOf } from "@assay/core";
import { pause, type Queue, type Tasks } from "@assay/infra";
import { getLogger } from "@logtape/logtape";

const log = getLogger(["assay", "worker", "upkeep"]);
const LANES: readonly Lane[] = ["bulk", "interactive"];
/** A task that waits this long although the queue is empty has lost its message. */
const STRANDED_MS = 30_000;
const EVERY_MS = 10_000;

/**
 * Brings back what others lost or left, until `stop` aborts: leases that ran out, messages that vanished, an index that a
 * killed reindex holds.
 */
export async function runUpkeep(
  { tasks, queue, release, every = EVERY_MS }: {
    readonly tasks: Pick<Tasks, "sweep" | "requeueStranded" | "foldCounts">;
    readonly queue: Pick<Queue, "depth">;
    /** Lets writes in again where a killed process held them back; gives the index. */
    readonly release: () => Promise<string | null>;
    readonly every?: Milliseconds;
  },
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      const swept = await tasks.sweep();
      if (swept > 0) log.warn("Took back {swept} tasks whose leases ran out", { swept });
      const index = await release();
      if (index !== null) {
        log.warn("Index '{index}' takes writes again: a reindex was killed while it held them", { index });
      }
      await tasks.foldCounts();
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
