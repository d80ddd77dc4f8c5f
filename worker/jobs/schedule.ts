import { type Milliseconds, reasonOf } from "@assay/core";
import { exclusively, type Jobs, OccupiedError, pause, type Retention } from "@assay/infra";
import { getLogger } from "@logtape/logtape";

/** What asks for retention once a day. */
export interface ScheduleDependencies {
  readonly retention: Pick<Retention, "isUnderway" | "ranWithin">;
  readonly jobs: Pick<Jobs, "create">;
  /** URL of the database, for the lock that one process holds. */
  readonly postgres: string;
}

const DAY_MS = 86_400_000;
const LOOK_MS = 600_000;

const log = getLogger(["assay", "worker", "retention"]);

/** Has retention run once a day until `stop` aborts, however many workers there are. */
export async function scheduleRetention(
  dependencies: ScheduleDependencies,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await requestRetention(dependencies);
    } catch (error) {
      if (!stop.aborted) log.warn("Cannot ask for retention: {error}", { error: reasonOf(error) });
    }
    await pause(LOOK_MS, stop);
  }
}

/** Makes a job of it where none is under way and the last is a day old. True where it did. */
export async function requestRetention(
  { retention, jobs, postgres }: ScheduleDependencies,
  every: Milliseconds = DAY_MS,
): Promise<boolean> {
  try {
    return await exclusively(postgres, "schedule retention", async () => {
      if (await retention.isUnderway() || await retention.ranWithin(every)) return false;
      await jobs.create("retention", {}, null);
      return true;
    });
  } catch (error) {
    if (error instanceof OccupiedError) return false;
    throw error;
  }
}
