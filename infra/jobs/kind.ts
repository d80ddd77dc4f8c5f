import type { JobId, KeyId } from "@assay/core";

/** A job while it runs, with what its kind works with. */
export interface RunningJob<Stores> {
  readonly id: JobId;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key that asked for it. */
  readonly owner: KeyId | null;
  /** Where an earlier run of it was, as its kind noted it; null at the start. */
  readonly checkpoint: unknown;
  readonly stores: Stores;
  /** Aborts when the job was cancelled or lost, or the process stops. */
  readonly signal: AbortSignal;
  /**
   * Notes how far it is, and where to go on from: everything before must be done for good. What is done after the last
   * checkpoint may be done again. @throws the signal's reason where the job is no longer this run's
   */
  progress(done: number, total: number | null, checkpoint: unknown): Promise<void>;
}

/** A kind of long work. */
export interface JobKind<Stores> {
  /** Names it in the table of jobs, e.g. `search.tag`. */
  readonly kind: string;
  /** Does it; gives what the job's reader sees as its result. What it throws fails the job, unless a store was away. */
  run(job: RunningJob<Stores>): Promise<Record<string, unknown>>;
}
