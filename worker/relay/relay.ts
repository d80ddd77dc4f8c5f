import { EVERYTHING, reasonOf, type Sha256, type TaskId } from "@assay/core";
import {
  JUDGE,
  type Outbox,
  type OutboxRow,
  pause,
  PROJECT,
  type Projector,
  type Publishing,
  type Queue,
  type Removal,
  type Removals,
  REMOVE,
  type Reports,
  type Samples,
  type SampleStore,
  type Tasks,
} from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import type { Projected } from "../hunt/hunt.ts";
import { type JudgeDependencies, judgeTasks } from "./judge.ts";
import type { RecentReports } from "./recent.ts";

/** What the relay moves, and where. */
export interface RelayDependencies extends JudgeDependencies {
  readonly outbox: Outbox;
  readonly queue: Pick<Queue, "publish" | "tell">;
  readonly samples: Pick<Samples, "facts">;
  readonly reports: Pick<Reports, "find" | "store" | "removeMany">;
  readonly tasks: Pick<Tasks, "list">;
  readonly removals: Removals;
  readonly store: Pick<SampleStore, "remove">;
  readonly projector: Projector;
  readonly recent: RecentReports;
  /** Has what partners get compared with samples whose documents were just built, or are gone. */
  readonly publishing: Pick<Publishing, "touch">;
  /** Looks at documents that were just built. */
  hunt(projected: readonly Projected[]): Promise<void>;
}

const ROWS = 200;
/** Looks at least this often, should a notification be lost. */
const LOOK_MS = 5_000;
const PAUSE_MS = 1_000;
/** Two, so that tasks don't wait behind documents that are being built. */
const RELAYS = 2;

const log = getLogger(["assay", "worker", "relay"]);

/** Moves outbox rows to the queue and to the projector until `stop` aborts. Any number of workers may do so. */
export async function runRelay(dependencies: RelayDependencies, stop: AbortSignal): Promise<void> {
  let wake = Promise.withResolvers<void>();
  const ring = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const listening = listen(dependencies.outbox, ring, stop);
  const relay = async () => {
    while (!stop.aborted) {
      const woken = wake.promise;
      if (await relayOnce(dependencies, stop) > 0) continue;
      await Promise.race([woken, pause(LOOK_MS, stop)]);
    }
  };
  await Promise.all([listening, ...Array.from({ length: RELAYS }, relay)]);
}

async function listen(outbox: Outbox, ring: () => void, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      return await outbox.onWaiting(ring, stop);
    } catch (error) {
      log.warn("Cannot listen for outbox rows: {error}", { error: reasonOf(error) });
      await pause(PAUSE_MS, stop);
    }
  }
}

async function relayOnce(dependencies: RelayDependencies, stop: AbortSignal): Promise<number> {
  try {
    return await dependencies.outbox.relay((rows) => publish(rows, dependencies), ROWS);
  } catch (error) {
    if (!stop.aborted) {
      log.warn("Cannot relay outbox rows: {error}", { error: reasonOf(error) });
      await pause(PAUSE_MS, stop);
    }
    return 0;
  }
}

/** Tasks go to the queue even where documents can't be built now: the rows come again, and the queue knows them. */
async function publish(rows: readonly OutboxRow[], dependencies: RelayDependencies): Promise<void> {
  const messages = rows.filter(({ subject }) => ![PROJECT, REMOVE, JUDGE].includes(subject));
  const removals = rows.filter(({ subject }) => subject === REMOVE).map(({ payload }) => payload as Removal);
  const sha256s = rows.filter(({ subject }) => subject === PROJECT)
    .flatMap(({ payload }) => (payload as { sha256s: Sha256[] }).sha256s);
  const parents = rows.filter(({ subject }) => subject === JUDGE)
    .flatMap(({ payload }) => (payload as { taskIds: TaskId[] }).taskIds);
  const [published, projected, removed, judged] = await Promise.allSettled([
    messages.length > 0 ? dependencies.queue.publish(messages) : Promise.resolve(),
    projectSamples([...new Set(sha256s)], dependencies),
    removeAll(removals, dependencies),
    judgeTasks([...new Set(parents)], dependencies),
  ]);
  if (published.status === "rejected") throw published.reason;
  if (projected.status === "rejected") throw projected.reason;
  if (removed.status === "rejected") throw removed.reason;
  if (judged.status === "rejected") throw judged.reason;
}

/** Deletes what PostgreSQL has forgotten: documents first, so that nothing leads to bytes that are gone. */
async function removeAll(
  all: readonly Removal[],
  { reports, projector, removals, store, publishing }: RelayDependencies,
): Promise<void> {
  await reports.removeMany(all.flatMap((removal) => removal.reports));
  const samples = all.flatMap((removal) => removal.samples);
  await projector.removeMany(samples);
  await publishing.touch(samples);
  for (const sha256 of await removals.unneeded(all.flatMap(({ bytes }) => bytes))) await store.remove(sha256);
}

/** Builds the documents of these samples from what PostgreSQL and their newest reports say now. */
export async function projectSamples(
  sha256s: readonly Sha256[],
  dependencies: Pick<
    RelayDependencies,
    "samples" | "tasks" | "reports" | "projector" | "removals" | "recent" | "publishing" | "hunt"
  >,
): Promise<void> {
  if (sha256s.length === 0) return;
  await buildDocuments(sha256s, dependencies);
  await dependencies.publishing.touch(sha256s);
}

async function buildDocuments(
  sha256s: readonly Sha256[],
  { samples, tasks, reports, projector, removals, recent, hunt }: Parameters<typeof projectSamples>[1],
): Promise<void> {
  const all = await samples.facts(sha256s);
  const built = await Promise.all(all.map(async (facts) => {
    const newest = facts.submissions[0];
    if (newest === undefined) {
      await removeSample(facts.sha256, { tasks, projector });
      return [];
    }
    const id = newest.reportId;
    const kept = recent.take(id);
    // One kept here may have been judged again elsewhere.
    const report = kept?.revision === newest.reportRevision ? kept : await reports.find(id, EVERYTHING);
    if (report === null) {
      log.error("Report '{id}' of a complete task is missing", { id, sha256: facts.sha256 });
    }
    return report === null ? [] : [{ facts, report }];
  }));
  const documents = built.flat();
  if (documents.length === 0) return;
  await projector.project(documents);
  // One that was removed in between would come back: who removes a sample deletes its document after that.
  await projector.removeMany(await removals.forgotten(documents.map(({ facts }) => facts.sha256)));
  await hunt(documents.map(({ facts, report }) => ({ sha256: facts.sha256, reportId: report.id })));
}

/** No task of the sample is complete; reports of those that are about to be stay. */
async function removeSample(
  sha256: Sha256,
  { tasks, projector }: Pick<RelayDependencies, "tasks" | "projector">,
): Promise<void> {
  const { items } = await tasks.list({ sha256 }, { size: 200 }, EVERYTHING);
  const live = items.filter(({ status }) => status !== "cancelled" && status !== "failed");
  await projector.remove(sha256, new Set(live.map(({ id }) => id)));
}
