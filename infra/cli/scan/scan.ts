import type { SubmissionOptions } from "@assay/core";
import { z } from "zod";
import type { Client } from "../client/client.ts";
import type { Journal } from "./journal.ts";
import { multipartOf } from "./multipart.ts";
import type { Row } from "./table.ts";
import type { FoundFile } from "./walk.ts";

/** What a scan tells while it goes on. */
export interface ScanProgress {
  found: number;
  submitted: number;
  done: number;
  failed: number;
}

/** What a scan needs. */
export interface ScanOptions {
  readonly client: Client;
  readonly journal: Journal;
  readonly options: z.input<typeof SubmissionOptions>;
  readonly wait: boolean;
  readonly onRow: (row: Row, file: FoundFile) => void;
  readonly onProgress: (progress: Readonly<ScanProgress>) => void;
  readonly signal: AbortSignal;
}

/** Files and bytes that go up in one request, and requests at a time. */
const REQUEST = { files: 32, bytes: 32_000_000, atOnce: 3 };

const Accepted = z.object({
  id: z.string(),
  tasks: z.array(
    z.object({ id: z.string(), sha256: z.string(), name: z.string().nullable(), status: z.string() }),
  ),
});

const TaskState = z.object({
  id: z.string(),
  sha256: z.string(),
  size: z.number(),
  status: z.string(),
  reason: z.string().nullable(),
  verdict: z.string().nullable(),
  score: z.number().nullable(),
  fileType: z.string().nullable(),
});
const TaskPage = z.object({ items: z.array(TaskState), cursor: z.string().nullable() });
const FINAL = new Set(["complete", "failed", "cancelled"]);

/** Submits the files and, if asked to wait, gives a row for each as its task ends. Gives the sums. */
export async function scanFiles(
  files: AsyncIterable<FoundFile>,
  scan: ScanOptions,
): Promise<Readonly<ScanProgress>> {
  const progress: ScanProgress = { found: 0, submitted: 0, done: 0, failed: 0 };
  const inFlight = new Set<Promise<void>>();
  const told = () => scan.onProgress(progress);

  async function submit(batch: readonly FoundFile[]): Promise<void> {
    const { id, tasks } = await scan.client.upload(
      "/api/v1/submissions",
      Accepted,
      () => multipartOf(scan.options, batch),
      scan.signal,
    );
    const named = new Map(tasks.map((task, i) => [task.id, batch[i]!]));
    await scan.journal.append(tasks.map((task, i) => ({ ...batch[i]!, taskId: task.id })));
    progress.submitted += batch.length;
    told();
    if (scan.wait) await follow(`submissionId=${id}`, named);
  }

  /** Asks for the states of a submission's tasks whenever an event tells that one moved. */
  async function follow(filter: string, waiting: Map<string, FoundFile>): Promise<void> {
    while (waiting.size > 0) {
      for await (const task of pages(`/api/v1/tasks?size=100&${filter}`)) {
        const file = waiting.get(task.id);
        if (!file || !FINAL.has(task.status)) continue;
        waiting.delete(task.id);
        progress.done++;
        if (task.status !== "complete") progress.failed++;
        scan.onRow({ ...task, name: file.path }, file);
        told();
      }
      if (waiting.size > 0) await pause(500, scan.signal);
    }
  }

  async function* pages(path: string): AsyncGenerator<z.infer<typeof TaskState>> {
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: z.infer<typeof TaskPage> = await scan.client.get(
        cursor === "" ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
        TaskPage,
        scan.signal,
      );
      yield* page.items;
      cursor = page.cursor;
    }
  }

  async function followOne(taskId: string, file: FoundFile): Promise<void> {
    const task = await scan.client.get(
      `/api/v1/tasks/${taskId}`,
      TaskState.extend({ submissionId: z.string() }),
      scan.signal,
    );
    await follow(`submissionId=${task.submissionId}`, new Map([[taskId, file]]));
  }

  /** Uploads are bounded; what follows a submission is not held up by the next upload. */
  async function start(work: Promise<void>): Promise<void> {
    inFlight.add(work);
    work.finally(() => inFlight.delete(work)).catch(() => {}); // the failure is thrown where `work` is awaited
    if (inFlight.size >= (scan.wait ? 4 : 1) * REQUEST.atOnce) await Promise.race(inFlight);
  }

  let batch: FoundFile[] = [];
  let bytes = 0;
  for await (const file of files) {
    scan.signal.throwIfAborted();
    progress.found++;
    const earlier = scan.journal.taskOf(file);
    if (earlier) {
      progress.submitted++;
      if (scan.wait) await start(followOne(earlier, file));
      continue;
    }
    if (batch.length > 0 && bytes + file.size > REQUEST.bytes) {
      await start(submit(batch));
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.size;
    if (batch.length === REQUEST.files) {
      await start(submit(batch));
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) await start(submit(batch));
  await Promise.all(inFlight);
  return progress;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", aborted);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", aborted, { once: true });
  });
}
