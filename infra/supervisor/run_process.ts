import { join } from "node:path";
import { readLines } from "./lines.ts";
import type { LogFile } from "./log_file.ts";
import type { ProcessSpec } from "./process.ts";
import { removeRecord, writeRecord } from "./records.ts";

/** One run of a process, from its start to its end. */
export interface ProcessRun {
  readonly pid: number;
  /** The line that said it is ready. Rejects where it ends before, or takes too long. */
  readonly ready: Promise<string>;
  /** How it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
  /** The last lines it said. */
  tail(): string;
  /** Asks it to end, kills its whole group after the grace time, and waits until it is gone. */
  stop(): Promise<void>;
  kill(): void;
}

/** What a run needs beside its spec. */
export interface RunContext {
  readonly runDir: string;
  readonly log: LogFile;
  /** Called with each line it says. */
  readonly onLine: (line: string) => void;
}

/**
 * Starts a process in a group of its own: Ctrl-C in a terminal then reaches only us, and we stop it in order.
 * @throws where the program can't be started
 */
export async function runProcess(spec: ProcessSpec, context: RunContext): Promise<ProcessRun> {
  await spec.prepare?.();
  const child = new Deno.Command(spec.program, {
    args: [...spec.args],
    clearEnv: true,
    env: { ...spec.env },
    stdin: spec.stdin === "held" ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  }).spawn();
  await writeRecord(context.runDir, { name: spec.name, pid: child.pid, stopSignal: spec.stopSignal });

  const tail: string[] = [];
  const firstReadyLine = Promise.withResolvers<string>();
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const line of readLines(stream)) {
      context.log.write(line);
      context.onLine(line);
      tail.push(line);
      if (tail.length > 20) tail.shift();
      if (spec.ready.test(line)) firstReadyLine.resolve(line);
    }
  };
  const gone = new AbortController();
  const ended = (async () => {
    const [status] = await Promise.all([child.status, read(child.stdout), read(child.stderr)]);
    if (spec.stdin === "held") await child.stdin.abort().catch(() => {}); // Closed already where it ended by itself.
    await removeRecord(context.runDir, spec.name);
    const how = status.signal === null ? `ended with code ${status.code}` : `ended by ${status.signal}`;
    context.log.write(`[supervisor] ${spec.name} ${how}`);
    gone.abort(new Error(`'${spec.name}' ${how}`));
    return how;
  })();

  const ready = (async () => {
    const limit = AbortSignal.timeout(spec.readyTimeoutMs);
    const signal = AbortSignal.any([gone.signal, limit]);
    try {
      const line = await settle(firstReadyLine.promise, signal);
      if (spec.probe) await settle(spec.probe(signal), signal);
      return line;
    } catch (cause) {
      if (gone.signal.aborted || !limit.aborted) throw cause;
      throw new Error(`'${spec.name}' was not ready within ${spec.readyTimeoutMs} ms`, { cause });
    }
  })();
  ready.catch(() => {}); // Whoever waits for it sees the rejection; nobody has to.

  const send = (signal: Deno.Signal, toGroup: boolean) => {
    try {
      Deno.kill(toGroup ? -child.pid : child.pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  return {
    pid: child.pid,
    ready,
    ended,
    tail: () => tail.join("\n"),
    kill: () => send("SIGKILL", true),
    async stop() {
      if (gone.signal.aborted) return;
      send(spec.stopSignal, false);
      const timer = setTimeout(() => send("SIGKILL", true), spec.stopGraceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Path of a process's log. */
export function logPath(logDir: string, name: string): string {
  return join(logDir, `${name}.log`);
}

function settle<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener("abort", abort));
}
