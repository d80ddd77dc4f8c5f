import { CutOffError, UnreadableImportError } from "@assay/core";
import { ExportError } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import type { FromRenderer } from "./messages.ts";
import { type Renderer, type RendererEnd, type RendererOptions, startRenderer } from "./process.ts";

/** How the pool is made. */
export interface PoolOptions extends RendererOptions {
  /** Renderers. */
  readonly size: number;
  /** Milliseconds that one form may take. */
  readonly timeout: number;
}

/** Renderer processes, each at one form at a time; one that dies is replaced and costs nobody but the form it was at. */
export interface RendererPool {
  /**
   * Makes a form of a `RenderJob` in JSON, or reads by a `ReadJob`, in the order of asking.
   * @throws {UnreadableImportError} by a `ReadJob` @throws {ExportError} where it fails, takes too long or too much memory; the signal's reason where that ended it
   */
  render(job: Uint8Array, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Resolves with why STIX can't be made, or null, once the first renderer is ready. */
  readonly opened: Promise<string | null>;
  /** True while a renderer is ready or only just being replaced. */
  readonly healthy: boolean;
  /** Rejects where no renderer can be started any more. */
  readonly broken: Promise<never>;
  /** Ends all renderers; forms not made reject. */
  close(): Promise<void>;
}

/** Starts in a row that may fail before the pool gives up. */
const STARTS = 6;
/** Milliseconds that a renderer may take to be ready. */
const START_TIME = 30_000;
/** A form that nobody waits for any more may take so long to its end before its renderer is killed: a new one costs as much. */
const ABANDONED = 500;

interface Work {
  readonly job: Uint8Array;
  readonly signal: AbortSignal;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: unknown) => void;
}

const log = getLogger(["assay", "reports", "pool"]);

/** Starts `size` renderers. */
export function createRendererPool(options: PoolOptions): RendererPool {
  const waiting: Work[] = [];
  /** Renderers without work, longest first. */
  const takers = new Map<Renderer, (work: Work | null) => void>();
  const running = new Set<Renderer>();
  const opened = Promise.withResolvers<string | null>();
  const broken = Promise.withResolvers<never>();
  for (const promise of [opened.promise, broken.promise]) promise.catch(() => {});
  let closed: Error | null = null;
  let failures = 0;
  let ready = false;

  /** The next work, or null once the renderer has ended or the pool is closed. */
  function next(renderer: Renderer): Promise<Work | null> {
    const work = renderer.alive && !closed ? waiting.shift() : null;
    if (work !== undefined) return Promise.resolve(work);
    const { promise, resolve } = Promise.withResolvers<Work | null>();
    takers.set(renderer, resolve);
    return promise;
  }

  function take(renderer: Renderer, work: Work | null): void {
    takers.get(renderer)?.(work);
    takers.delete(renderer);
  }

  async function live(): Promise<void> {
    while (!closed) {
      const renderer = startRenderer(options);
      running.add(renderer);
      // Once a renderer, not once a form: what hangs on its end lives as long as it does.
      void renderer.ended.then(() => take(renderer, null));
      try {
        opened.resolve(await readyOf(renderer));
        ready = true;
        failures = 0;
        for (let work = await next(renderer); work !== null; work = await next(renderer)) {
          if (!await serve(renderer, work, options.timeout)) break;
        }
      } catch (error) {
        if (closed) break;
        log.warn("Cannot start a renderer: {error}", { error });
        if (++failures >= STARTS * options.size) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** Math.min(failures, 5)));
      } finally {
        renderer.kill();
        const { words } = await renderer.ended;
        running.delete(renderer);
        if (!closed) log.warn("Replacing a renderer: {words}", { words });
      }
    }
  }

  function shut(reason: Error): void {
    closed ??= reason;
    for (const work of waiting.splice(0)) work.reject(reason);
    for (const renderer of takers.keys()) take(renderer, null);
    for (const renderer of running) renderer.kill();
  }

  const lives = Array.from({ length: options.size }, () =>
    live().catch((error) => {
      opened.reject(error);
      broken.reject(error);
      shut(new ExportError("away", "Cannot make the export: no renderer can be started"));
    }));

  return {
    opened: opened.promise,
    broken: broken.promise,
    get healthy() {
      return ready && !closed && failures === 0;
    },
    render(job, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (closed) return Promise.reject(closed);
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
      const work: Work = { job, signal, resolve, reject: (error) => reject(closed ?? error) };
      const leave = () => {
        const at = waiting.indexOf(work);
        if (at >= 0) waiting.splice(at, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      const [idle] = takers.keys();
      if (idle) take(idle, work);
      else waiting.push(work);
      return promise.finally(() => signal.removeEventListener("abort", leave));
    },
    async close() {
      shut(stopping());
      await Promise.all(lives);
    },
  };
}

function stopping(): ExportError {
  return new ExportError("away", "Cannot make the export: the reports process stops", { retryAfter: 5 });
}

/** Why it can't make STIX, or null. @throws {Error} where it isn't ready in time */
async function readyOf(renderer: Renderer): Promise<string | null> {
  const timer = setTimeout(() => renderer.kill(), START_TIME);
  try {
    const frame = await renderer.frames.next();
    if (frame === null) throw new CutOffError("The renderer closed its output");
    if (frame.header.type === "ready") return frame.header.missing;
    throw new Error(`Expected the renderer to say that it is ready, got '${frame.header.type}'`);
  } catch (cause) {
    renderer.kill();
    throw new Error((await renderer.ended).words, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Has one form made. False where the renderer is of no use any more. */
async function serve(renderer: Renderer, work: Work, timeout: number): Promise<boolean> {
  let late = false;
  const expire = setTimeout(() => {
    late = true;
    renderer.kill();
  }, timeout);
  let abandoned: ReturnType<typeof setTimeout> | undefined;
  const abandon = () => {
    abandoned = setTimeout(() => renderer.kill(), ABANDONED);
  };
  if (work.signal.aborted) abandon();
  work.signal.addEventListener("abort", abandon, { once: true });
  try {
    renderer.write(work.job).catch(() => {}); // it died: its end, read below, says how
    const frame = await renderer.frames.next();
    if (frame === null) throw new CutOffError("The renderer closed its output");
    settle(work, frame.header, frame.blobs[0] as Uint8Array<ArrayBuffer> | undefined);
    return true;
  } catch (cause) {
    renderer.kill();
    work.reject(await whyOf(cause, late, renderer.ended));
    return false;
  } finally {
    clearTimeout(expire);
    clearTimeout(abandoned);
    work.signal.removeEventListener("abort", abandon);
  }
}

function settle(work: Work, message: FromRenderer, bytes: Uint8Array<ArrayBuffer> | undefined): void {
  switch (message.type) {
    case "made":
      return work.resolve(bytes ?? new Uint8Array());
    case "too-large":
      return work.reject(
        new ExportError("too-large", `Cannot give the export: it would have ${message.detail} bytes`),
      );
    case "unreadable":
      return work.reject(new UnreadableImportError(message.detail));
    case "unavailable":
      return work.reject(new ExportError("unavailable", `Cannot make the export: ${message.detail}`));
    default:
      return work.reject(
        new ExportError("failed", "Cannot make the export", {
          cause: message.type === "failed" ? message.detail : `It said '${message.type}'`,
        }),
      );
  }
}

async function whyOf(cause: unknown, late: boolean, ended: Promise<RendererEnd>): Promise<ExportError> {
  if (late) return new ExportError("timeout", "Cannot make the export: it took too long");
  if (!(cause instanceof CutOffError)) return new ExportError("failed", "Cannot make the export", { cause });
  const { outOfMemory, words } = await ended;
  return outOfMemory
    ? new ExportError("too-large", "Cannot make the export: it took too much memory")
    : new ExportError("failed", "Cannot make the export", { cause: words });
}
