import { EXPORT_KIND, mostOf, ReportsExport } from "@assay/core";
import {
  askerOf,
  ExportError,
  type ExportFiles,
  type JobKind,
  pause,
  type RunningJob,
  TooLargeError,
  walkResult,
  type WalkStores,
} from "@assay/infra";
import { createHash } from "node:crypto";
import type { StixSchemas } from "../stix/schemas.ts";
import type { Exporter } from "../service/exporter.ts";
import { makeDocument } from "./document.ts";
import { makeFile } from "./file.ts";
import { readMembers } from "./member.ts";
import { makePage, type MakeReport, notePage } from "./page.ts";
import { type Survey, surveyOf } from "./survey.ts";

/** What makes files of many reports. */
export interface ExportStores extends WalkStores {
  readonly files: Pick<ExportFiles, "put" | "stage">;
  readonly reports: Pick<Exporter, "export" | "exportMany">;
  readonly schemas: () => Promise<StixSchemas>;
  readonly limits: {
    /** Of one file. */
    readonly reports: number;
    /** Of one file, and of what it is made from. */
    readonly bytes: number;
    /** Reports made at the same time. */
    readonly atOnce: number;
  };
}

/**
 * Makes a file of many reports: first each of them, page by page, which a crash doesn't undo, then the file of what was made. A report that
 * fails is told of and costs nothing but itself.
 */
export const exportKind: JobKind<ExportStores> = {
  kind: EXPORT_KIND,
  async run(job) {
    const { files, schemas, limits } = job.stores;
    const asked = askedOf(job);
    const most = Math.min(limits.reports, mostOf(asked) ?? Infinity);
    const pages = files.stage(job.id, "pages");
    // One document is made of all reports at the end; until then it is only noted which they are.
    const make = mostOf(asked) === null ? makerOf(job, asked) : null;
    const { pages: count = 0 } = await walkResult(job, targetOf(asked), ["read"], async (page) => {
      if (page.done + page.hits.length > most) throw tooMany(most);
      const counts = { reports: 0, failed: 0 };
      const chunks = make === null
        ? notePage(page, counts)
        : makePage(page, { make, atOnce: limits.atOnce, signal: job.signal }, counts);
      const room = limits.bytes - (page.counts["bytes"] ?? 0);
      const bytes = await orTooLarge(limits.bytes, pages.write(page.number, chunks, room));
      return { ...counts, pages: 1, bytes };
    });
    if (make === null) return await runDocument(job, asked, count);
    const survey = await surveyOf(readMembers(pages, count, job.signal));
    if (survey.reports === 0 && survey.failed > 0) {
      throw new Error(
        `Cannot export: none of ${survey.failed} reports, the first: ${survey.failures[0]!.reason}`,
      );
    }
    const members = readMembers(pages, count, job.signal);
    const runs = files.stage(job.id, "runs");
    const digest = createHash("sha256");
    const file = makeFile({
      asked,
      members,
      survey,
      schemas,
      runs,
      maxBytes: 2 * limits.bytes,
      signal: job.signal,
    });
    const chunks = watched(file, digest, job.signal);
    const size = await orTooLarge(limits.bytes, files.put(job.id, chunks, limits.bytes));
    return { ...told(survey), size, sha256: digest.digest("hex") };
  },
};

/** Makes one document of the reports that were noted. */
async function runDocument(job: RunningJob<ExportStores>, asked: ReportsExport, pages: number) {
  const { files, reports, limits } = job.stores;
  const members = await Array.fromAsync(readMembers(files.stage(job.id, "pages"), pages, job.signal));
  const { visibility } = await askerOf(job, ["read"]);
  const { bytes, survey } = await whileBusy(
    job.signal,
    () => makeDocument(reports, { asked, members, visibility }, job.signal),
  );
  const size = await orTooLarge(limits.bytes, files.put(job.id, ReadableStream.from([bytes]), limits.bytes));
  return { ...told(survey), size, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** What the job's reader is told. */
function told({ reports, failed, failures, tlp, needs }: Survey) {
  return { reports, failed, failures: [...failures], tlp, needs };
}

function askedOf(job: RunningJob<unknown>): ReportsExport {
  const read = ReportsExport.safeParse(job.params["export"]);
  if (!read.success) throw new Error("Cannot export: its parameters are not of an export");
  return read.data;
}

function targetOf({ q, submission, list, sha256s, mode, scope }: ReportsExport) {
  if (submission !== undefined) return { q: `submission:${submission}`, mode: "default", scope } as const;
  return { q, list, sha256s: sha256s && [...new Set(sha256s)], mode, scope };
}

function makerOf(
  { stores }: RunningJob<ExportStores>,
  { format, profile, defang, sections }: ReportsExport,
): MakeReport {
  return async (report, visibility, signal) => {
    const request = { of: { report }, format, profile, defang, sections, known: [], visibility };
    const { body, tlp } = await whileBusy(signal, () => stores.reports.export(request, signal));
    return { bytes: await new Response(body).bytes(), tlp };
  };
}

/** Asks again while too many wait already. */
async function whileBusy<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      if (!(cause instanceof ExportError) || cause.refusal !== "busy") throw cause;
      await pause((cause.retryAfter ?? 1) * 1000, signal);
      signal.throwIfAborted();
    }
  }
}

/** The size of what is written. @throws {Error} that says what to do where it would be larger than allowed */
async function orTooLarge(most: number, writing: Promise<number>): Promise<number> {
  try {
    return await writing;
  } catch (cause) {
    if (!(cause instanceof TooLargeError)) throw cause;
    throw new Error(
      `Cannot export: it takes more than ${most} bytes; ask for fewer reports, or raise 'exports.maxSize'`,
      { cause },
    );
  }
}

function tooMany(most: number): Error {
  return new Error(
    `Cannot export: more than ${most} reports are found now; ask for fewer, or raise 'exports.maxReports'`,
  );
}

/** Notes the bytes on their way, and stops where the job does. */
async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  digest: { update(chunk: Uint8Array): unknown },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    digest.update(chunk);
    yield chunk;
  }
}
