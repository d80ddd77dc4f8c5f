import { type ClaimedTask, type Lane, reasonOf, type Timestamp } from "@assay/core";
import { pause, persist, type QueuedHold } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { analyzeBatch } from "../batch/analyze.ts";
import { concludeTasks, type Ended } from "./conclude.ts";
import type { LaneDependencies } from "./dependencies.ts";
import type { HeldTask } from "./held.ts";

/** One lane's window. */
export interface LaneOptions {
  readonly lane: Lane;
  readonly maxSamples: number;
  readonly maxWait: number;
}

/** Batches of a lane at a time: while one is analysed, the one before is stored and the next one fetched. */
const IN_FLIGHT = 2;
/** Samples whose ends are stored together, and how long the first may wait for the others: each group costs two refreshes. */
const GROUP = { most: 100, wait: 1000 };
/** A claim must come before JetStream gives the messages to somebody else. */
const CLAIM_WITHIN = 20_000;

const log = getLogger(["assay", "worker", "lane"]);

/**
 * Takes batches of a lane until `stop` aborts, then ends what is in flight. `abandon` aborts where that takes too long:
 * tasks not ended by then are left to their release.
 */
export async function runLane(
  { lane, maxSamples, maxWait }: LaneOptions,
  dependencies: LaneDependencies,
  stop: AbortSignal,
  abandon: AbortSignal,
): Promise<void> {
  const flying = new Set<Promise<void>>();
  while (!stop.aborted) {
    while (flying.size >= IN_FLIGHT) await Promise.race(flying);
    const holds = await fetchWindow(lane, maxSamples, maxWait, dependencies, stop);
    if (stop.aborted) {
      for (const hold of holds) hold.nak();
      break;
    }
    if (holds.length === 0) continue;
    const batch = await claim(holds, dependencies, stop);
    if (batch.length === 0) continue;
    log.info("Batch of {count} from lane '{lane}'", { count: batch.length, lane });
    const flight = runBatch(batch, dependencies, abandon)
      .catch((error) => log.error("A batch broke off: {error}", { error: reasonOf(error) }))
      .finally(() => flying.delete(flight));
    flying.add(flight);
  }
  await Promise.all(flying);
}

async function fetchWindow(
  lane: Lane,
  max: number,
  wait: number,
  { queue }: LaneDependencies,
  stop: AbortSignal,
): Promise<QueuedHold[]> {
  try {
    return await queue.fetch(lane, max, wait, stop);
  } catch (error) {
    log.warn("Cannot fetch from lane '{lane}': {error}", { lane, error: reasonOf(error) });
    await pause(1000, stop);
    return [];
  }
}

/** PostgreSQL says which tasks are ours; only then are the messages done with. */
async function claim(
  holds: readonly QueuedHold[],
  { tasks, held, worker, lease, tell }: LaneDependencies,
  stop: AbortSignal,
): Promise<HeldTask[]> {
  let claimed: ClaimedTask[];
  try {
    const within = AbortSignal.any([stop, AbortSignal.timeout(CLAIM_WITHIN)]);
    claimed = await persist("claim tasks", within, () => tasks.claim(holds, worker, lease));
  } catch (error) {
    log.error("Cannot claim {count} tasks, giving them back: {error}", {
      count: holds.length,
      error: reasonOf(error),
    });
    for (const hold of holds) hold.nak();
    return [];
  }
  for (const hold of holds) hold.ack();
  for (const task of claimed) {
    const { id, submissionId } = task;
    const at = new Date().toISOString() as Timestamp;
    tell({ type: "task", taskId: id, submissionId, status: "running", reason: null, reportId: null, at });
  }
  return claimed.map((task) => held.add(task));
}

/** Analyses a batch; ends are stored in groups while the rest is still at work. */
async function runBatch(
  batch: readonly HeldTask[],
  dependencies: LaneDependencies,
  abandon: AbortSignal,
): Promise<void> {
  const byId = new Map(batch.map((held) => [held.task.id, held]));
  const concluding: Promise<void>[] = [];
  let group: Ended[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (group.length === 0) return;
    const ended = group;
    group = [];
    // Waiting for servers ends when none of these tasks is ours any more.
    const lost = whenAll(ended.map(({ held }) => held.signal));
    const until = AbortSignal.any([abandon, lost]);
    concluding.push(
      concludeTasks(ended, dependencies, until).catch((error) => {
        log.error("Cannot end {count} tasks: {error}", { count: ended.length, error: reasonOf(error) });
        // Whatever it was, others may try: their leases run out.
        for (const { held } of ended) dependencies.held.end(held.hold);
      }),
    );
  }

  await analyzeBatch(batch, dependencies.analysis, abandon, (end) => {
    group.push({ held: byId.get(end.task.id)!, end });
    if (group.length >= GROUP.most) flush();
    else timer ??= setTimeout(flush, GROUP.wait);
  });
  flush();
  await Promise.all(concluding);
}

/** Aborts once all have. */
function whenAll(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  let left = signals.length;
  const count = () => {
    if (--left === 0) controller.abort(new Error("None of the tasks is held any more"));
  };
  for (const signal of signals) {
    if (signal.aborted) count();
    else signal.addEventListener("abort", count, { once: true });
  }
  return controller.signal;
}
