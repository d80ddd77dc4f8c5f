import { type ExportFormat, exportForms, type ReportSection, reportSections } from "@assay/core";
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

/** Seconds after which to ask again while a store is away. */
const RETRY_AFTER = 5;

/** Makes exports in this process, with renderers of the pool. The same report for the same view gives the same bytes. */
export function createExporter(options: ExporterOptions): ReportExports {
  const { pool, gate, sources, organisation, rules, finishers } = options;

  async function make(request: ReportExportRequest, signal: AbortSignal): Promise<ExportedReport> {
    const read = await reach(() => readReport(request.of, request.visibility, sources));
    if (read === null) throw new ExportError("not-found", "Cannot find the report");
    signal.throwIfAborted();
    const form = optionsOf(request, options.sections);
    const input: ModelInput = { ...read, organisation, rules: rules.matched(read.report) };
    const job = new TextEncoder().encode(JSON.stringify({ options: form, input } satisfies RenderJob));
    const etag = `"${createHash("sha256").update(options.software).update(job).digest("base64url")}"`;
    const about = { report: read.report.id, format: request.format, tlp: strictest(levelsOf(read)), etag };
    if (request.known.some((tag) => tag === "*" || tag === etag)) return { ...about, body: null, size: 0 };
    const rendered = await pool.render(job, signal);
    const bytes = await finishers[request.format]?.(rendered, signal) ?? rendered;
    return { ...about, body: ReadableStream.from([bytes]), size: bytes.length };
  }

  return {
    async export(request, signal) {
      const leave = await gate.enter(signal);
      try {
        return await make(request, signal);
      } finally {
        leave();
      }
    },
    ping: () =>
      pool.healthy
        ? Promise.resolve()
        : Promise.reject(new ExportError("away", "No renderer can be started", { retryAfter: RETRY_AFTER })),
  };
}

/** Every choice made: what wasn't asked for is as usual. */
function optionsOf(request: ReportExportRequest, configured: readonly ReportSection[]): FormOptions {
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
