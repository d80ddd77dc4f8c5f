import type { JobId, KeyId, TaskEvent } from "@assay/core";
import type {
  Audit,
  ExportFiles,
  Hunts,
  Keys,
  Reports,
  Rescans,
  Retention,
  SampleLists,
  Samples,
  SampleTags,
  SavedSearches,
  Search,
  Tasks,
} from "@assay/infra";

/** What jobs work with. */
export interface JobStores {
  readonly keys: Pick<Keys, "find">;
  readonly audit: Pick<Audit, "append">;
  readonly search: Pick<Search, "search" | "walk" | "ping">;
  readonly reports: Pick<Reports, "remove">;
  readonly tasks: Pick<Tasks, "find" | "list" | "remove">;
  readonly sampleFacts: Pick<Samples, "removeUnused">;
  readonly sampleTags: Pick<SampleTags, "add" | "remove">;
  readonly lists: Pick<SampleLists, "put">;
  readonly rescans: Rescans;
  readonly exports: ExportFiles;
  readonly retention: Retention;
  readonly hunts: Pick<Hunts, "find" | "record" | "fail">;
  readonly searches: Pick<SavedSearches, "find">;
  tell(event: TaskEvent): void;
  /** Tries of a task that a job makes. */
  readonly maxAttempts: number;
}

/** A job while it runs. */
export interface RunningJob {
  readonly id: JobId;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key that asked for it. */
  readonly owner: KeyId | null;
  /** Where an earlier run of it was, as its kind noted it; null at the start. */
  readonly checkpoint: unknown;
  readonly stores: JobStores;
  /** Aborts when the job was cancelled or lost, or the worker stops. */
  readonly signal: AbortSignal;
  /**
   * Notes how far it is, and where to go on from: everything before must be done for good. What is done after the last
   * checkpoint may be done again. @throws the signal's reason where the job is no longer this run's
   */
  progress(done: number, total: number | null, checkpoint: unknown): Promise<void>;
}

/** A kind of long work: a file in `kinds/` exports one as default. */
export interface JobKind {
  /** Names it in the table of jobs, e.g. `search.tag`. */
  readonly kind: string;
  /** Does it; gives what the job's reader sees as its result. What it throws fails the job, unless a store was away. */
  run(job: RunningJob): Promise<Record<string, unknown>>;
}
