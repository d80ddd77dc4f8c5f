import { encodeFrame, FrameReader } from "@assay/core";
import { type FromRenderer, fromRenderer, type ToRenderer } from "./messages.ts";

/** How a renderer is started. */
export interface RendererOptions {
  /** Megabytes of JavaScript heap. */
  readonly heapMegabytes: number;
  /** Bytes of a form at most. */
  readonly maxBytes: number;
  /** Folders of OASIS's schemas and of MITRE's techniques; null where they are missing. */
  readonly stix: { readonly schemas: string; readonly techniques: string } | null;
  /** Its code: `renderer.ts` but in tests. */
  readonly entry?: URL;
}

/** One renderer process as the service sees it. */
export interface Renderer {
  readonly frames: FrameReader<FromRenderer>;
  /** Writes one job, a `RenderJob` as JSON; resolves once the pipe has taken it. */
  write(job: Uint8Array): Promise<void>;
  kill(): void;
  /** False once it is known to have ended. */
  readonly alive: boolean;
  /** How it ended. */
  readonly ended: Promise<RendererEnd>;
}

/** How a renderer ended, in words. */
export interface RendererEnd {
  readonly outOfMemory: boolean;
  readonly words: string;
}

const packages = new URL("../../node_modules", import.meta.url).pathname;

/** Characters of its standard error that are kept to say why it died. */
const STDERR_KEPT = 8192;

/** Starts a renderer; its first frame says that it is ready. */
export function startRenderer(options: RendererOptions): Renderer {
  const { stix, heapMegabytes, maxBytes } = options;
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--cached-only",
      "--quiet",
      `--allow-read=${[packages, ...stix === null ? [] : [stix.schemas, stix.techniques]].join(",")}`,
      // A small young generation: a third less memory over many large reports.
      `--v8-flags=--max-old-space-size=${heapMegabytes},--max-semi-space-size=4`,
      (options.entry ?? new URL("./renderer.ts", import.meta.url)).href,
      String(maxBytes),
      ...stix === null ? [] : [stix.schemas, stix.techniques],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  writer.closed.catch(() => {}); // it died: its end says how
  const frames = new FrameReader<FromRenderer>(process.stdout, fromRenderer(maxBytes));
  const stderr = tail(process.stderr);

  let alive = true;
  async function end(): Promise<RendererEnd> {
    void process.status.then(() => alive = false);
    const [status, said] = await Promise.all([process.status, stderr]);
    await writer.abort().catch(() => {});
    await frames.cancel().catch(() => {});
    return explain(status, said);
  }
  return {
    frames,
    async write(job) {
      const header: ToRenderer = { type: "render" };
      for (const piece of encodeFrame(header, [job])) await writer.write(piece);
    },
    kill() {
      try {
        process.kill("SIGKILL");
      } catch (error) {
        // It ended by itself a moment before.
        if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
    get alive() {
      return alive;
    },
    ended: end(),
  };
}

/** The end of a stream as text; all of it is read, so that the renderer never blocks on it. */
async function tail(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let kept = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    kept = (kept + chunk).slice(-STDERR_KEPT);
  }
  return kept;
}

function explain(status: Deno.CommandStatus, stderr: string): RendererEnd {
  const last = stderr.trim().split("\n").findLast((line) => /\S/.test(line))?.trim().slice(0, 300);
  const how = status.signal ? `by ${status.signal}` : `with code ${status.code}`;
  return {
    outOfMemory: /out of memory|Reached heap limit/i.test(stderr),
    words: `The renderer ended ${how}${last ? `: ${last}` : ""}`,
  };
}
