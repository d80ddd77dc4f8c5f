import { type Milliseconds, reasonOf } from "@assay/core";
import { type ExportFiles, type Jobs, type Notifications, pause } from "@assay/infra";
import { getLogger } from "@logtape/logtape";

const log = getLogger(["assay", "worker", "jobs"]);
const EVERY_MS = 60_000;
/** How long notifications are kept. */
const NOTIFICATION_DAYS = 90;

/** What takes away files that nobody is meant to fetch any more. */
export interface ExpiryDependencies {
  readonly jobs: Pick<Jobs, "find">;
  readonly exports: Pick<ExportFiles, "list" | "remove" | "unstage">;
  /** How long a file is kept after its job's end. */
  readonly keep: Milliseconds;
}

/** Takes away old export files and notifications until `stop` aborts. */
export async function runExpiry(
  dependencies: ExpiryDependencies & { readonly notifications: Pick<Notifications, "forget"> },
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await expireExports(dependencies, Date.now());
      await dependencies.notifications.forget(NOTIFICATION_DAYS);
    } catch (error) {
      log.warn("Cannot remove what is old: {error}", { error: reasonOf(error) });
    }
    await pause(EVERY_MS, stop);
  }
}

/**
 * Removes the files of jobs that are gone, did not complete, or ended longer ago than they are kept, and of others what they needed until
 * their file was made. Gives how many jobs lost their files.
 */
export async function expireExports(
  { jobs, exports, keep }: ExpiryDependencies,
  now: number,
): Promise<number> {
  let count = 0;
  for (const id of await exports.list()) {
    const job = await jobs.find(id);
    if (job !== null && job.finished === null) continue;
    if (job?.status === "complete" && Date.parse(job.finished!) > now - keep) {
      await exports.unstage(id);
      continue;
    }
    await exports.remove(id);
    count++;
  }
  return count;
}
