import { encodeFrame, FrameReader } from "@assay/core";
import {
  type ChildModule,
  type ExtractionLimits,
  type FromChild,
  fromChildLimits,
  type ToChild,
} from "./protocol.ts";

/** How a child is started. */
export interface ChildOptions {
  readonly modules: readonly ChildModule[];
  readonly extraction: ExtractionLimits;
  /** Megabytes of JavaScript heap. */
  readonly heapMegabytes: number;
}

/** One child process as the worker sees it. */
export interface Child {
  readonly pid: number;
  readonly frames: FrameReader<FromChild>;
  /** Writes one message; resolves once the pipe has taken it. Messages must not overlap. */
  write(message: ToChild, blobs: readonly Uint8Array[]): Promise<void>;
  kill(): void;
  /** How it ended, in words. */
  readonly ended: Promise<string>;
}

const entry = new URL("./child.ts", import.meta.url).href;
const quiet = new URL("./quiet.ts", import.meta.url).href;
const packages = new URL("../../node_modules", import.meta.url).pathname;

/** Characters of a child's standard error that are kept to say why it died. */
const STDERR_KEPT = 8192;

/** Starts a child and has it open its modules; its first frame says `ready`. */
export function startChild(options: ChildOptions): Child {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--cached-only",
      "--quiet",
      `--allow-read=${packages}`,
      `--v8-flags=--max-old-space-size=${options.heapMegabytes}`,
      ...[quiet, ...options.modules.map(({ url }) => url)].flatMap((url) => ["--preload", url]),
      entry,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  const frames = new FrameReader<FromChild>(process.stdout, fromChildLimits(options.extraction));
  const stderr = tail(process.stderr);

  async function write(message: ToChild, blobs: readonly Uint8Array[]): Promise<void> {
    for (const piece of encodeFrame(message, blobs)) await writer.write(piece);
  }

  const opening = write({ type: "open", modules: options.modules, extraction: options.extraction }, []);
  // A child that dies while it is written to says so by its end.
  opening.catch(() => {});
  writer.closed.catch(() => {});

  async function end(): Promise<string> {
    const [status, said] = await Promise.all([process.status, stderr]);
    await writer.abort().catch(() => {});
    await frames.cancel().catch(() => {});
    return explain(status, said);
  }
  return {
    pid: process.pid,
    frames,
    write: (message, blobs) => opening.then(() => write(message, blobs)),
    kill() {
      try {
        process.kill("SIGKILL");
      } catch (error) {
        // It ended by itself a moment before.
        if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
    ended: end(),
  };
}

/** The end of a stream as text; all of it is read, so that the child never blocks on it. */
async function tail(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let kept = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    kept = (kept + chunk).slice(-STDERR_KEPT);
  }
  return kept;
}

function explain(status: Deno.CommandStatus, stderr: string): string {
  if (/out of memory|Reached heap limit/i.test(stderr)) return "The analysis ran out of memory";
  const last = stderr.trim().split("\n").findLast((line) => /\S/.test(line))?.trim().slice(0, 300);
  const how = status.signal ? `by ${status.signal}` : `with code ${status.code}`;
  return `The analysis process ended ${how}${last ? `: ${last}` : ""}`;
}
