import { openUsageMeter } from "@assay/infra";
import { wrap } from "./bubblewrap.ts";
import { findContainment } from "./containment.ts";
import type { Sandbox, SandboxedCommand, SandboxedEnd } from "./sandbox.ts";

/** `required` refuses to run programs without bubblewrap, `auto` uses it where it works, `none` never does. */
export type SandboxMode = "auto" | "required" | "none";

/** How programs are run here. */
export interface OpenSandbox extends Sandbox {
  /** Why programs run without a sandbox; null where they run in one. */
  readonly missing: string | null;
  /** Why the kernel doesn't limit how many processes a program starts, so that they are only counted; else null. */
  readonly unlimited: string | null;
}

const DEFAULT_OUTPUT = 64 * 1024 * 1024;
const MOST_ERRORS = 16 * 1024;
const MOST_PROCESSES = 64;
const WATCH_EVERY = 200;

/** Opens the sandbox of this machine. @throws {Error} where one is required and can't be had, with what to do */
export async function openSandbox(mode: SandboxMode): Promise<OpenSandbox> {
  const off = "switched off by worker.sandbox";
  const { containment, missing, unlimited } = mode === "none"
    ? { containment: "none" as const, missing: off, unlimited: off }
    : await findContainment();
  if (mode === "required" && missing !== null) throw new Error(`Cannot sandbox programs: ${missing}`);
  const start = (command: SandboxedCommand) => missing === null ? wrap(command, containment) : plain(command);

  async function* lines(command: SandboxedCommand, signal: AbortSignal): AsyncGenerator<string> {
    let rest = "";
    const decoder = new TextDecoder();
    const run = runLimited(start(command), command, signal);
    let read = false;
    try {
      for await (const chunk of run.stdout) {
        const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = parts.pop()!;
        yield* parts;
      }
      read = true;
    } finally {
      // Who stops listening has the program killed; how it ended then is of no interest.
      if (!read) await run.end.catch(() => {});
    }
    const { code, stderr } = await run.end;
    if (rest !== "") yield rest;
    if (code !== 0) {
      throw new Error(
        `Cannot run '${command.program}': it ended with code ${code}${stderr && `: ${stderr}`}`,
      );
    }
  }

  return {
    missing,
    unlimited,
    lines,
    async run(command, signal) {
      const run = runLimited(start(command), command, signal);
      const [output, ended] = await Promise.allSettled([Array.fromAsync(run.stdout), run.end]);
      if (output.status === "rejected") throw output.reason;
      if (ended.status === "rejected") throw ended.reason;
      const [chunks, end] = [output.value, ended.value];
      return { ...end, stdout: new Uint8Array(await new Blob(chunks).arrayBuffer()) };
    },
  };
}

/** Without a sandbox only environment and limits are left. */
function plain(command: SandboxedCommand) {
  return { program: command.program, args: [...command.args] };
}

/** Runs a program and ends it, with all that it started, when it passes a limit or the signal aborts. */
function runLimited(
  { program, args }: { program: string; args: string[] },
  command: SandboxedCommand,
  signal: AbortSignal,
): { stdout: AsyncIterable<Uint8Array<ArrayBuffer>>; end: Promise<SandboxedEnd> } {
  signal.throwIfAborted();
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", ...command.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  let broken: Error | null = null;
  const kill = (reason: Error) => {
    broken ??= reason;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => kill(timeout(command)), command.timeoutMs);
  const meter = openUsageMeter();
  const look = async () => {
    const { processes, memory } = await meter.read(child.pid);
    if (processes > MOST_PROCESSES) kill(new Error(`It started more than ${MOST_PROCESSES} processes`));
    if (command.maxMemory !== undefined && memory > command.maxMemory) {
      kill(new Error(`It used more than ${command.maxMemory} bytes of memory`));
    }
  };
  const watch = setInterval(() => void look().catch(kill), WATCH_EVERY);
  const abort = () => kill(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  signal.addEventListener("abort", abort, { once: true });

  const errors = readErrors(child.stderr);
  const fed = feed(child.stdin, command.stdin);
  const end = (async () => {
    try {
      const [{ code }, stderr] = await Promise.all([child.status, errors, fed]);
      if (broken !== null) throw broken;
      return { code, stderr };
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      await meter[Symbol.asyncDispose]();
      signal.removeEventListener("abort", abort);
    }
  })();
  end.catch(() => {}); // thrown where it is awaited, after the output

  async function* stdout(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const most = command.maxOutput ?? DEFAULT_OUTPUT;
    let size = 0;
    let whole = false;
    try {
      for await (const chunk of child.stdout) {
        size += chunk.length;
        if (size > most) {
          kill(new Error(`It printed more than ${most} bytes`));
          break;
        }
        yield chunk;
      }
      whole = broken === null;
    } finally {
      if (!whole) kill(new Error("Its output was not wanted any more"));
    }
    if (broken !== null) throw broken;
  }
  return { stdout: stdout(), end };
}

function timeout(command: SandboxedCommand): Error {
  return new DOMException(`It took longer than ${command.timeoutMs} ms`, "TimeoutError");
}

/** The program leads a group of its own, so that what it started ends with it. */
function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      Deno.kill(target, "SIGKILL");
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }
}

async function readErrors(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    if (text.length < MOST_ERRORS) text += chunk;
  }
  return text.slice(0, MOST_ERRORS).trim();
}

/** A program that doesn't read its input to the end has its reasons; how it ends tells them. */
async function feed(
  stdin: WritableStream<Uint8Array>,
  input: string | Uint8Array | undefined,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (input !== undefined) {
      await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
    }
    await writer.close();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.BrokenPipe)) throw cause;
  }
}
