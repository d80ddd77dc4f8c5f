import { openUsageMeter } from "@assay/infra";
import type { InlineJob } from "./job.ts";
import type { ChildOptions } from "./process.ts";
import { Slot, type Work } from "./slot.ts";

/** How the pool is made. */
export interface PoolOptions extends ChildOptions {
  /** Children. */
  readonly size: number;
  /** Bytes of resident memory at which a child is killed. */
  readonly maxResident: number;
  /** Milliseconds that a module may work on one sample. */
  timeoutOf(module: string): number;
}

/** Long-lived child processes that run inline modules on samples. */
export interface InlinePool {
  /** Runs a job to its end: every module has ended once it resolves. @throws where its bytes can't be read */
  run(job: InlineJob): Promise<void>;
  /** Modules that can't be opened, with the reason; resolves once the first child is ready. */
  readonly opened: Promise<Readonly<Record<string, string>>>;
  /** Rejects where no child can be started any more. */
  readonly broken: Promise<never>;
  /** Kills all children; jobs not finished reject. */
  close(): Promise<void>;
}

/** How often children are looked at, milliseconds. */
const WATCH_MS = 250;

/** Starts `size` children and keeps each busy: one sample at work, the next one on its way. */
export function createInlinePool(options: PoolOptions): InlinePool {
  const urgent: Work[] = [];
  const queue: Work[] = [];
  let closed = false;
  const opened = Promise.withResolvers<Readonly<Record<string, string>>>();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  opened.promise.catch(() => {});

  /** Work that was cancelled in the meantime ends here. */
  function take(most: number): Work | null {
    for (const list of [urgent, queue]) {
      while (list[0]?.job.signal.aborted) cancel(list.shift()!);
      const first = list[0];
      if (first) return first.job.size > most ? null : list.shift()!;
    }
    return null;
  }

  /** First one for each child, then one ahead for each. */
  function wake(): void {
    for (const depth of [1, 2]) {
      for (const slot of slots) slot.feed(depth);
    }
  }

  const slots = Array.from({ length: options.size }, () =>
    new Slot({
      ...options,
      timeoutOf: options.timeoutOf,
      take,
      giveBack: (work) => (work.job.urgent ? urgent : queue).unshift(work),
      wake,
    }));
  const lives = slots.map((slot) => slot.live(opened.resolve).catch(fall));
  const meter = openUsageMeter();
  let watching: Promise<unknown> = Promise.resolve();
  const watch = setInterval(() => {
    watching = Promise.all(slots.map((slot) => slot.check(meter))).catch(fall);
  }, WATCH_MS);

  function fall(error: unknown): void {
    if (closed) return;
    opened.reject(error);
    broken.reject(error);
    shut();
  }

  function shut(): void {
    closed = true;
    clearInterval(watch);
    for (const slot of slots) slot.close();
    for (const work of [...urgent.splice(0), ...queue.splice(0)]) {
      work.reject(new Error("The pool was closed"));
    }
  }

  return {
    opened: opened.promise,
    broken: broken.promise,
    run(job) {
      if (closed) return Promise.reject(new Error("The pool was closed"));
      if (job.modules.length === 0) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      (job.urgent ? urgent : queue).push({
        job,
        left: new Set(job.modules),
        known: new Map(job.known),
        current: null,
        crashes: 0,
        sent: false,
        resolve,
        reject,
      });
      wake();
      return promise;
    },
    async close() {
      shut();
      await Promise.all([...lives, watching]);
      await meter[Symbol.asyncDispose]();
    },
  };
}

function cancel(work: Work): void {
  for (const module of work.left) {
    work.job.onEnd(module, { status: "cancelled", reason: "Cancelled", started: null, durationMs: 0 });
  }
  work.left.clear();
  work.resolve();
}
