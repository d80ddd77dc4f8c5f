import type { TaskEvent } from "@assay/core";
import type {
  Audit,
  ExportFiles,
  Hunts,
  Imports,
  JobKind as AnyJobKind,
  Keys,
  Reports,
  Rescans,
  Retention,
  RunningJob as AnyRunningJob,
  SampleLists,
  Samples,
  SampleTags,
  SavedSearches,
  Search,
  Tasks,
} from "@assay/infra";
import type { JudgeDependencies } from "../relay/judge.ts";

/** What jobs work with. */
export interface JobStores {
  readonly keys: Pick<Keys, "find">;
  readonly audit: Pick<Audit, "append">;
  readonly search: Pick<Search, "search" | "walk" | "ping">;
  readonly reports: Pick<Reports, "remove">;
  readonly tasks: Pick<Tasks, "find" | "list" | "remove">;
  readonly sampleFacts: Pick<Samples, "removeUnused">;
  readonly sampleTags: Pick<SampleTags, "add" | "remove">;
  readonly lists: Pick<SampleLists, "put" | "samples">;
  readonly rescans: Rescans;
  readonly exports: ExportFiles;
  readonly retention: Retention;
  readonly hunts: Pick<Hunts, "find" | "record" | "fail">;
  readonly searches: Pick<SavedSearches, "find">;
  readonly imports: Pick<Imports, "spokenOf">;
  readonly judging: JudgeDependencies;
  tell(event: TaskEvent): void;
  /** Tries of a task that a job makes. */
  readonly maxAttempts: number;
}

/** A job of the worker while it runs. */
export type RunningJob = AnyRunningJob<JobStores>;

/** A kind of long work: a file in `kinds/` exports one as default. */
export type JobKind = AnyJobKind<JobStores>;
