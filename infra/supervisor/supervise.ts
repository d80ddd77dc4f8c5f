import { type LogFile, openLogFile } from "./log_file.ts";
import type { ProcessPhase, ProcessSpec, ProcessState } from "./process.ts";
import { logPath, type ProcessRun, runProcess } from "./run_process.ts";
import { createStatusWriter } from "./status.ts";

/** How long to wait before a process that died is started again. */
export interface BackOff {
  /** After the first death, milliseconds; doubled with each further one. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** A process that was ready this long starts counting from the first again. */
  readonly stableMs: number;
}

/** What a supervisor needs. */
export interface SupervisorOptions {
  /** Folder of the status file and the process records; must exist. */
  readonly runDir: string;
  /** Folder of the logs, one a process; must exist. */
  readonly logDir: string;
  readonly backOff?: BackOff;
  /** Called with one line when something happens to a process. */
  readonly log?: (line: string) => void;
  /** Called with each line that a process says. */
  readonly onLine?: (name: string, line: string) => void;
}

/** Starts, watches and restarts processes. */
export interface Supervisor {
  /**
   * Starts a process and waits until it is ready; gives the line that said so. From then on it is restarted
   * whenever it dies.
   * @throws {Error} with its last lines where it never becomes ready; it is then not started again
   */
  start(spec: ProcessSpec): Promise<string>;
  states(): ProcessState[];
  /** Resolves when the process is ready again after at least `restarts` restarts. */
  restarted(name: string, restarts: number, signal: AbortSignal): Promise<void>;
  /** Ends everything: the highest stage first. Resolves when all are gone. Safe to call twice. */
  stop(): Promise<void>;
}

/** The delay before restart number `failures` (1 for the first): doubled each time up to the most. */
export function backOffDelay(backOff: BackOff, failures: number): number {
  return Math.min(backOff.maxMs, backOff.firstMs * 2 ** Math.min(failures - 1, 30));
}

interface Supervised {
  readonly spec: ProcessSpec;
  readonly log: LogFile;
  state: ProcessState;
  run: ProcessRun | null;
  /** Resolves when it is no longer watched. */
  watched: Promise<void>;
}

const defaultBackOff: BackOff = { firstMs: 250, maxMs: 30_000, stableMs: 30_000 };

/** A supervisor without processes. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const backOff = options.backOff ?? defaultBackOff;
  const log = options.log ?? (() => {});
  const writeStatus = createStatusWriter(options.runDir);
  const all: Supervised[] = [];
  const stopping = new AbortController();
  const changes = new EventTarget();
  let stopped: Promise<void> | null = null;

  const states = () => all.map((one) => one.state);
  const change = async (one: Supervised, phase: ProcessPhase, more: Partial<ProcessState> = {}) => {
    one.state = { ...one.state, phase, since: new Date().toISOString(), ...more };
    changes.dispatchEvent(new Event("change"));
    await writeStatus(states());
  };

  const launch = async (one: Supervised): Promise<ProcessRun> => {
    await change(one, "starting", { pid: null });
    one.run = await runProcess(one.spec, {
      runDir: options.runDir,
      log: one.log,
      onLine: (line) => options.onLine?.(one.spec.name, line),
    });
    await change(one, "starting", { pid: one.run.pid });
    if (stopping.signal.aborted) await one.run.stop();
    return one.run;
  };

  /** Runs it once to its end: how that came, and whether it was ready long enough to forget earlier failures. */
  const runOnce = async (one: Supervised): Promise<{ end: string; stable: boolean }> => {
    let readySince: number | null = null;
    let end = "could not be started";
    try {
      const run = await launch(one);
      await awaitReady(run);
      readySince = performance.now();
      await change(one, "ready");
      log(`${one.spec.name} is ready again`);
      end = await run.ended;
    } catch (error) {
      end = `was not ready (${error instanceof Error ? error.message : String(error)})`;
      one.log.write(`[supervisor] ${one.spec.name} ${end}`);
    }
    return { end, stable: readySince !== null && performance.now() - readySince >= backOff.stableMs };
  };

  const watch = async (one: Supervised, first: ProcessRun) => {
    const began = performance.now();
    let end = await first.ended;
    let failures = performance.now() - began >= backOff.stableMs ? 0 : 1;
    while (!stopping.signal.aborted) {
      const wait = backOffDelay(backOff, Math.max(1, failures));
      log(`${one.spec.name} ${end}; starting it again in ${wait} ms`);
      await change(one, "waiting", { pid: null, lastEnd: end });
      if (!(await pause(wait, stopping.signal))) break;
      one.state = { ...one.state, restarts: one.state.restarts + 1 };
      one.run = null;
      const run = await runOnce(one);
      failures = run.stable ? 1 : failures + 1;
      end = run.end;
    }
  };

  return {
    states,
    async start(spec) {
      stopping.signal.throwIfAborted();
      const one: Supervised = {
        spec,
        log: openLogFile(logPath(options.logDir, spec.name)),
        state: { name: spec.name, phase: "starting", pid: null, restarts: 0, since: "", lastEnd: null },
        run: null,
        watched: Promise.resolve(),
      };
      all.push(one);
      try {
        const run = await launch(one);
        const line = await awaitReady(run);
        await change(one, "ready");
        one.watched = watch(one, run);
        return line;
      } catch (cause) {
        const tail = one.run?.tail() ?? "";
        all.splice(all.indexOf(one), 1);
        one.log[Symbol.dispose]();
        await writeStatus(states());
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`Cannot start '${spec.name}': ${reason}${tail === "" ? "" : `\n${tail}`}`, { cause });
      }
    },
    async restarted(name, restarts, signal) {
      const done = () => {
        const state = states().find((state) => state.name === name);
        return state !== undefined && state.phase === "ready" && state.restarts >= restarts;
      };
      while (!done()) {
        await new Promise<void>((resolve, reject) => {
          signal.throwIfAborted();
          const abort = () => reject(signal.reason);
          signal.addEventListener("abort", abort, { once: true });
          changes.addEventListener("change", () => {
            signal.removeEventListener("abort", abort);
            resolve();
          }, { once: true });
        });
      }
    },
    stop() {
      return stopped ??= (async () => {
        stopping.abort(new Error("The supervisor is stopping"));
        const stages = [...new Set(all.map((one) => one.spec.stage))].sort((a, b) => b - a);
        for (const stage of stages) {
          await Promise.all(
            all.filter((one) => one.spec.stage === stage).map(async (one) => {
              await change(one, "stopping");
              await one.run?.stop();
              await one.watched;
              await change(one, "stopped", { pid: null });
            }),
          );
        }
        for (const one of all) one.log[Symbol.dispose]();
      })();
    },
  };
}

/** Waits until a run is ready; one that can't be is killed. */
async function awaitReady(run: ProcessRun): Promise<string> {
  try {
    return await run.ready;
  } catch (error) {
    run.kill();
    await run.ended;
    throw error;
  }
}

/** Waits; false where `signal` ended the wait. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const abort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve(true);
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}
