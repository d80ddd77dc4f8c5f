/** A process to keep running. */
export interface ProcessSpec {
  /** Names it in the log, in the status and in its files: `[a-z][a-z0-9-]*`. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Its whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user and group it runs as, where that differs from ours. */
  readonly uid?: number;
  readonly gid?: number;
  /** `held`: standard input stays open while we live, so that it can end itself when we are gone. */
  readonly stdin: "held" | "null";
  /** A line of its output that says it serves. */
  readonly ready: RegExp;
  /** Asked after that line; resolves once requests are really answered. */
  probe?(signal: AbortSignal): Promise<void>;
  /** How long it may take to be ready, milliseconds. */
  readonly readyTimeoutMs: number;
  /** Removes what a killed predecessor left, before each start. */
  prepare?(): Promise<void>;
  readonly stopSignal: Deno.Signal;
  /** How long it may take to end after `stopSignal` before it is killed, milliseconds. */
  readonly stopGraceMs: number;
  /** Order of stopping: the highest first, the same together. */
  readonly stage: number;
}

/** Where a process stands. */
export type ProcessPhase = "starting" | "ready" | "waiting" | "stopping" | "stopped";

/** What the supervisor knows of a process; part of the status file. */
export interface ProcessState {
  readonly name: string;
  readonly phase: ProcessPhase;
  /** Null while none runs. */
  readonly pid: number | null;
  /** Restarts since the supervisor began. */
  readonly restarts: number;
  /** Since when it is in this phase, RFC 3339. */
  readonly since: string;
  /** How the last run ended, in words; null where none has. */
  readonly lastEnd: string | null;
}
