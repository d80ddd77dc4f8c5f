import {
  type ExportFormat,
  exportForms,
  type ExportOptions,
  type ReportSection,
  reportSections,
  type TaskId,
  type Tlp,
  type Visibility,
} from "@assay/core";
import {
  type ExportedReport,
  ExportError,
  isPostgresAway,
  type ReportExportRequest,
  type ReportExports,
  SearchUnavailableError,
} from "@assay/infra";
import { createHash } from "node:crypto";
import type { FormOptions } from "../forms.ts";
import { levelsOf, type ModelInput } from "../model/build.ts";
import type { Organisation } from "../model/model.ts";
import { strictest } from "../model/tlp.ts";
import type { RenderJob } from "../pool/messages.ts";
import type { RendererPool } from "../pool/pool.ts";
import type { Rules } from "../rules/rules.ts";
import type { Gate } from "./gate.ts";
import { type ReadReport, readReport, type Sources } from "./read.ts";

/** Finishes what a renderer made with a program that only the service reaches. It keeps to the signal. */
export type Finish = (
  rendered: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>>;

/** What exports are made with. */
export interface ExporterOptions {
  readonly sources: Sources;
  readonly pool: Pick<RendererPool, "render" | "healthy">;
  readonly gate: Gate;
  readonly organisation: Organisation;
  /** Rules whose text may leave. */
  readonly rules: Rules;
  /** Parts of forms for people where the asker chooses none; all where empty. */
  readonly sections: readonly ReportSection[];
  /** Changes whenever the same report would be made otherwise. */
  readonly software: string;
  /** Forms that a program finishes. */
  readonly finishers: Readonly<Partial<Record<ExportFormat, Finish>>>;
}

/** What to make one document of, for whom. */
export interface ManyRequest extends ExportOptions {
  readonly reports: readonly TaskId[];
  readonly visibility: Visibility;
}

/** One document of many reports. */
export interface ExportedMany {
  /** Those that are in it: the others are absent, or the reader may not see them. */
  readonly included: ReadonlyMap<TaskId, Tlp>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Makes exports in the reports process. */
export interface Exporter extends ReportExports {
  /**
   * Makes one document of all these reports, which are held together.
   * @throws {ExportError} where there is none to give; the signal's reason where that ended it
   */
  exportMany(request: ManyRequest, signal: AbortSignal): Promise<ExportedMany>;
}

/** Seconds after which to ask again while a store is away. */
const RETRY_AFTER = 5;
/** Characters of reports that are held for one document: a renderer takes no more bytes at once, and few have more than one each. */
const MOST_TOGETHER = 64 * 1024 * 1024;

/** Makes exports in this process, with renderers of the pool. The same report for the same view gives the same bytes. */
export function createExporter(options: ExporterOptions): Exporter {
  const { pool, gate, sources, organisation, rules, finishers } = options;

  async function make(request: ReportExportRequest, signal: AbortSignal): Promise<ExportedReport> {
    const read = await reach(() => readReport(request.of, request.visibility, sources));
    if (read === null) throw new ExportError("not-found", "Cannot find the report");
    signal.throwIfAborted();
    const form = optionsOf(request, options.sections);
    const input = inputOf(read);
    const job = new TextEncoder().encode(JSON.stringify({ options: form, input } satisfies RenderJob));
    const etag = `"${createHash("sha256").update(options.software).update(job).digest("base64url")}"`;
    const about = { report: read.report.id, format: request.format, tlp: strictest(levelsOf(read)), etag };
    if (request.known.some((tag) => tag === "*" || tag === etag)) return { ...about, body: null, size: 0 };
    const bytes = await render(job, request.format, signal);
    return { ...about, body: ReadableStream.from([bytes]), size: bytes.length };
  }

  async function makeMany(request: ManyRequest, signal: AbortSignal): Promise<ExportedMany> {
    const { reports, visibility, ...asked } = request;
    const included = new Map<TaskId, Tlp>();
    const inputs: string[] = [];
    let size = 0;
    for (const report of reports) {
      const read = await reach(() => readReport({ report }, visibility, sources));
      signal.throwIfAborted();
      if (read === null) continue;
      included.set(report, strictest(levelsOf(read)));
      const input = JSON.stringify(inputOf(read));
      size += input.length;
      if (size > MOST_TOGETHER) {
        const message = `Cannot make one document: the reports have more than ${MOST_TOGETHER} characters`;
        throw new ExportError("too-large", message);
      }
      inputs.push(input);
    }
    if (inputs.length === 0) throw new ExportError("not-found", "Cannot find any of the reports");
    const form = JSON.stringify(optionsOf(asked, options.sections));
    const job = new TextEncoder().encode(`{"options":${form},"inputs":[${inputs.join()}]}`);
    return { included, bytes: await render(job, request.format, signal) };
  }

  function inputOf(read: ReadReport): ModelInput {
    return { ...read, organisation, rules: rules.matched(read.report) };
  }

  async function render(job: Uint8Array, format: ExportFormat, signal: AbortSignal) {
    const rendered = await pool.render(job, signal);
    return await finishers[format]?.(rendered, signal) ?? rendered;
  }

  async function inTurn<T>(signal: AbortSignal, make: () => Promise<T>): Promise<T> {
    const leave = await gate.enter(signal);
    try {
      return await make();
    } finally {
      leave();
    }
  }

  return {
    export: (request, signal) => inTurn(signal, () => make(request, signal)),
    exportMany: (request, signal) => inTurn(signal, () => makeMany(request, signal)),
    ping: () =>
      pool.healthy
        ? Promise.resolve()
        : Promise.reject(new ExportError("away", "No renderer can be started", { retryAfter: RETRY_AFTER })),
  };
}

/** Every choice made: what wasn't asked for is as usual. */
function optionsOf(request: ExportOptions, configured: readonly ReportSection[]): FormOptions {
  const forPeople = (exportForms[request.format].takes as readonly string[]).includes("sections");
  const chosen = new Set(request.sections ?? (configured.length > 0 ? configured : reportSections));
  return {
    format: request.format,
    profile: request.profile ?? "default",
    defang: request.defang ?? forPeople,
    // In one order, so that the same choice has the same entity tag.
    sections: reportSections.filter((name) => chosen.has(name)),
  };
}

async function reach(read: () => Promise<ReadReport | null>): Promise<ReadReport | null> {
  try {
    return await read();
  } catch (cause) {
    const store = cause instanceof SearchUnavailableError
      ? "Elasticsearch"
      : isPostgresAway(cause)
      ? "PostgreSQL"
      : null;
    if (store === null) throw cause;
    throw new ExportError("away", `Cannot reach ${store}`, { retryAfter: RETRY_AFTER, cause });
  }
}
