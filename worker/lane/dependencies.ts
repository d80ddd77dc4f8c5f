import type { TaskEvent } from "@assay/core";
import type { KnownHashes, Queue, Reports, Samples, Tasks } from "@assay/infra";
import type { AnalysisDependencies } from "../batch/dependencies.ts";
import type { RecentReports } from "../relay/recent.ts";
import type { HeldTasks } from "./held.ts";

/** What a lane is made of. */
export interface LaneDependencies {
  readonly analysis: AnalysisDependencies;
  readonly queue: Pick<Queue, "fetch">;
  readonly tasks: Pick<Tasks, "claim" | "complete" | "fail" | "release" | "addChildren" | "find">;
  readonly reports: Pick<Reports, "store" | "remove">;
  readonly samples: Pick<Samples, "facts">;
  readonly knownHashes: Pick<KnownHashes, "match">;
  readonly held: HeldTasks;
  /** Reports just stored, for the projector. */
  readonly recent: RecentReports;
  /** This worker, as PostgreSQL notes it. */
  readonly worker: string;
  readonly lease: number;
  tell(event: TaskEvent): void;
}
