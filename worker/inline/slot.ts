import { CutOffError, type Frame, FrameError, reasonOf } from "@assay/core";
import type { UsageMeter } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { readEnd } from "./end.ts";
import type { InlineEnd, InlineJob } from "./job.ts";
import { type Child, type ChildOptions, startChild } from "./process.ts";
import type { FromChild } from "./protocol.ts";

/** A job on its way: what is left of it, and who waits. */
export interface Work {
  readonly job: InlineJob;
  readonly left: Set<string>;
  readonly known: InlineJob["known"] & Map<string, unknown>;
  current: { readonly module: string; readonly started: string; since: number } | null;
  /** Deaths of a child that had this sample but no module at work. */
  crashes: number;
  /** True once its bytes go to the child; until then we may be waiting for the store. */
  sent: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What a slot needs of its pool. */
export interface SlotOptions extends ChildOptions {
  /** Bytes of resident memory at which a child is killed. */
  readonly maxResident: number;
  /** Milliseconds that a module may work on one sample. */
  timeoutOf(module: string): number;
  /** The next work whose sample is no larger than that; null where there is none. */
  take(most: number): Work | null;
  /** Gives work back, to go first. */
  giveBack(work: Work): void;
  /** Something was taken in or finished: slots may have room. */
  wake(): void;
}

/** A sample this large isn't sent before the child is free for it: memory matters more. */
const PREFETCH_BYTES = 64 * 1024 * 1024;
/** A child that has no module at work must say something within this time. */
const SILENCE_MS = 60_000;
const CRASHES = 3;
/** Starts in a row that may fail before the pool gives up. */
const STARTS = 6;

const log = getLogger(["assay", "worker", "inline"]);

/** A place for one child: keeps it busy, watches it, and replaces it when it dies. */
export class Slot {
  readonly #options: SlotOptions;
  #child: Child | null = null;
  #held: Work[] = [];
  #writing: Promise<void> = Promise.resolve();
  #ready = false;
  #closed = false;
  /** Why the child was killed, where we did it. */
  #death: { status: "timeout" | "error"; reason: string } | null = null;
  #quietSince = 0;
  #handling = false;
  #overdue = false;
  #failedStarts = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** Runs until `close`. `onReady` hears which modules a child could not open. @throws where no child can be started */
  async live(onReady: (failed: Readonly<Record<string, string>>) => void): Promise<void> {
    while (!this.#closed) {
      const child = startChild(this.#options);
      this.#child = child;
      this.#writing = Promise.resolve();
      this.#ready = false;
      this.#death = null;
      this.#overdue = false;
      this.#quietSince = performance.now();
      try {
        for (let frame = await child.frames.next(); frame !== null; frame = await child.frames.next()) {
          await this.#handle(frame, onReady);
        }
      } catch (error) {
        if (!this.#closed && this.#death === null && !(error instanceof CutOffError)) {
          this.#death = {
            status: "error",
            reason: `The analysis process broke the protocol: ${reasonOf(error)}`,
          };
        }
      }
      child.kill();
      const said = await child.ended;
      this.#child = null;
      if (!this.#closed) await this.#bury(said);
    }
    for (const work of this.#held.splice(0)) work.reject(new Error("The pool was closed"));
  }

  /** Takes one more work if fewer than `depth` are with the child. */
  feed(depth: number): boolean {
    const child = this.#child;
    if (child === null || !this.#ready || this.#closed || this.#held.length >= depth) return false;
    const work = this.#options.take(this.#held.length === 0 ? Infinity : PREFETCH_BYTES);
    if (work === null) return false;
    this.#held.push(work);
    this.#writing = this.#writing.then(() => this.#send(child, work));
    return true;
  }

  /** Kills a child that takes too long or too much memory. Called a few times a second. */
  async check(meter: UsageMeter): Promise<void> {
    const child = this.#child;
    if (child === null || this.#closed) return;
    this.#checkTime(child);
    const { memory } = await meter.read(child.pid);
    if (memory <= this.#options.maxResident || child !== this.#child || this.#death !== null) return;
    const most = Math.round(this.#options.maxResident / 1024 / 1024);
    this.#kill(child, { status: "error", reason: `The analysis took more than ${most} MiB of memory` });
  }

  #checkTime(child: Child): void {
    const current = this.#held[0]?.current;
    const limit = current ? this.#options.timeoutOf(current.module) : SILENCE_MS;
    const since = current ? current.since : this.#quietSince;
    const busy = this.#held[0]?.sent || !this.#ready;
    const late = busy && !this.#handling && performance.now() - since > limit;
    // Twice in a row: if it was us who were busy, the child's message is read in between.
    if (late && this.#overdue) {
      const reason = current
        ? `Took longer than ${limit} ms`
        : `The analysis process said nothing for ${limit} ms`;
      return this.#kill(child, { status: current ? "timeout" : "error", reason });
    }
    this.#overdue = late;
  }

  /** Ends the child; `live` returns. */
  close(): void {
    this.#closed = true;
    this.#child?.kill();
  }

  #kill(child: Child, death: { status: "timeout" | "error"; reason: string }): void {
    this.#death ??= death;
    this.#overdue = false;
    child.kill();
  }

  async #send(child: Child, work: Work): Promise<void> {
    const { job } = work;
    let bytes: Uint8Array;
    try {
      bytes = await job.read();
    } catch (error) {
      this.#held = this.#held.filter((held) => held !== work);
      work.reject(error);
      this.#options.wake();
      return;
    }
    if (child !== this.#child || !this.#held.includes(work)) return;
    const known = [...work.known];
    work.sent = true;
    if (this.#held[0] === work) this.#quietSince = performance.now();
    const encoder = new TextEncoder();
    try {
      await child.write({
        type: "sample",
        sha256: job.sha256,
        name: job.name,
        passwords: job.passwords,
        modules: [...work.left],
        known: known.map(([name]) => name),
      }, [bytes, ...known.map(([, findings]) => encoder.encode(JSON.stringify(findings)))]);
    } catch (error) {
      // The child died; its end is handled where its output is read.
      log.debug("Cannot write to analysis process: {error}", { error: reasonOf(error) });
    }
    if (this.#held[0] === work) this.#quietSince = performance.now();
  }

  async #handle(
    { header, blobs }: Frame<FromChild>,
    onReady: (failed: Readonly<Record<string, string>>) => void,
  ): Promise<void> {
    this.#quietSince = performance.now();
    if (!Array.isArray(header.events)) throw new FrameError("Expected a list of events");
    let at = 0;
    const blob = () => {
      const next = blobs[at++];
      if (next === undefined) throw new FrameError("A blob is missing");
      return next;
    };
    for (const event of header.events) {
      if (event.type === "ready") {
        this.#ready = true;
        this.#failedStarts = 0;
        onReady(event.failed);
        this.#options.wake();
        continue;
      }
      const work = this.#held[0];
      if (work === undefined) throw new FrameError(`Nothing is at work, got '${event.type}'`);
      switch (event.type) {
        case "start":
          this.#expect(work, event.module);
          work.current = {
            module: event.module,
            started: new Date().toISOString(),
            since: performance.now(),
          };
          work.job.onStart(event.module);
          break;
        case "child":
          this.#expect(work, event.module);
          await this.#keep(work, event.module, String(event.name), blob());
          break;
        case "end":
          this.#expect(work, event.module);
          this.#end(work, event.module, readEnd(event, work.current?.started ?? null, blob));
          break;
        case "done":
          if (work.left.size > 0) throw new FrameError("Some modules never ended");
          this.#held.shift();
          work.resolve();
          this.#options.wake();
          break;
        default:
          throw new FrameError("Unknown event");
      }
    }
  }

  #expect(work: Work, module: string): void {
    if (!work.left.has(module)) throw new FrameError("A module ended that wasn't asked for");
  }

  /** Time that we take to keep a file isn't the module's. */
  async #keep(work: Work, module: string, name: string, bytes: Uint8Array): Promise<void> {
    const began = performance.now();
    this.#handling = true;
    try {
      await work.job.onChild(module, name, bytes);
    } finally {
      this.#handling = false;
      if (work.current) work.current.since += performance.now() - began;
    }
  }

  #end(work: Work, module: string, end: InlineEnd): void {
    work.left.delete(module);
    work.current = null;
    if (end.status === "ok") work.known.set(module, end.findings);
    work.job.onEnd(module, end);
  }

  /** The child is dead: what it worked on ends, the rest goes to the next child. */
  async #bury(said: string): Promise<void> {
    const { status, reason } = this.#death ?? { status: "error", reason: said };
    log.warn("Replacing analysis process: {reason}", { reason, said });
    const [first, ...others] = this.#held.splice(0);
    for (const work of others.toReversed()) {
      work.sent = false;
      this.#options.giveBack(work);
    }
    if (first) {
      first.sent = false;
      const { current } = first;
      if (current) {
        const durationMs = performance.now() - current.since;
        this.#end(first, current.module, { status, reason, started: current.started, durationMs });
      } else if (++first.crashes >= CRASHES) {
        for (const module of first.left) {
          this.#end(first, module, { status: "error", reason, started: null, durationMs: 0 });
        }
      }
      if (first.left.size === 0) first.resolve();
      else this.#options.giveBack(first);
    }
    if (!this.#ready) {
      if (++this.#failedStarts >= STARTS) throw new Error(`Cannot start analysis process: ${reason}`);
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** this.#failedStarts));
    }
    this.#options.wake();
  }
}
