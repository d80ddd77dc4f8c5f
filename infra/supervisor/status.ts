import { join } from "node:path";
import type { ProcessState } from "./process.ts";

/** What `<data>/run/status.json` holds: read by readiness and by `doctor`. */
export interface SupervisorStatus {
  /** Process id of the supervisor. */
  readonly pid: number;
  readonly processes: readonly ProcessState[];
}

/** Path of the status file of a run folder. */
export function statusPath(runDir: string): string {
  return join(runDir, "status.json");
}

/** The last status written; null where no supervisor has run here. */
export async function readStatus(runDir: string): Promise<SupervisorStatus | null> {
  try {
    return JSON.parse(await Deno.readTextFile(statusPath(runDir))) as SupervisorStatus;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Writes statuses one after the other, each whole: readers never see half a file. */
export function createStatusWriter(runDir: string): (processes: readonly ProcessState[]) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (processes) => {
    const text = JSON.stringify({ pid: Deno.pid, processes } satisfies SupervisorStatus, null, 2);
    last = last.then(async () => {
      const temporary = `${statusPath(runDir)}.new`;
      await Deno.writeTextFile(temporary, text, { mode: 0o600 });
      await Deno.rename(temporary, statusPath(runDir));
    });
    return last;
  };
}
