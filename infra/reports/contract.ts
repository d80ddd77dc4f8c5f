import { type ExportFormat, ExportOptions, KeyId, Sha256, TaskId, Tlp } from "@assay/core";
import { z } from "zod";

/** What to make, of which report, for whom. */
export const ReportExportRequest = ExportOptions.extend({
  /** A report by its task, or the newest of a sample. */
  of: z.union([z.strictObject({ report: TaskId }), z.strictObject({ sample: Sha256 })]),
  /** Entity tags with their quotes that the asker has already; `*` for any. */
  known: z.array(z.string().max(200)).max(50),
  /** Who reads: what he may not see is neither in it nor hinted at. */
  visibility: z.strictObject({ reader: KeyId.nullable(), maxTlp: Tlp }),
});
/** What to make, of which report, for whom. */
export type ReportExportRequest = z.infer<typeof ReportExportRequest>;

/** A report in one of its forms. */
export interface ExportedReport {
  /** The report that was taken. */
  readonly report: TaskId;
  readonly format: ExportFormat;
  /** The most restricted level of what is inside. */
  readonly tlp: Tlp;
  /**
   * A strong entity tag with its quotes: moves with the report, notes, tags, the organisation, the options, the software and with
   * what the reader may see.
   */
  readonly etag: string;
  /** The bytes; null where the asker has them already, and then nothing was made. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** Of the body. */
  readonly size: number;
}

/** Makes exports: in the reports process itself, or by asking it. */
export interface ReportExports {
  /** @throws {ExportError} where there is none to give; the signal's reason where that ended it */
  export(request: ReportExportRequest, signal: AbortSignal): Promise<ExportedReport>;
  /** Resolves where exports can be made. @throws {Error} with what is wrong */
  ping(): Promise<void>;
}

/** Why there is no export. */
export const exportRefusals = {
  /** There is no such report, or the reader may not see it. */
  "not-found": 404,
  /** Too many wait already. */
  "busy": 503,
  /** It took too long. */
  "timeout": 504,
  /** It took too much memory, or would be too large. */
  "too-large": 500,
  /** It was made and is wrong, or making it failed; the log of the reports process has the cause. */
  "failed": 500,
  /** Nothing can be made of what a partner sent; only of imports. */
  "unreadable": 400,
  /** What this form needs is not installed. */
  "unavailable": 501,
  /** A store, or the reports process itself, is away. */
  "away": 503,
} as const;
/** Why there is no export. */
export type ExportRefusal = keyof typeof exportRefusals;

/** Thrown where there is no export to give. The message is for the asker: it tells nothing of our insides. */
export class ExportError extends Error {
  override readonly name = "ExportError";
  readonly refusal: ExportRefusal;
  /** Seconds after which it may go well; null where waiting won't help. */
  readonly retryAfter: number | null;
  constructor(
    refusal: ExportRefusal,
    message: string,
    given: { retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(message, "cause" in given ? { cause: given.cause } : undefined);
    this.refusal = refusal;
    this.retryAfter = given.retryAfter ?? null;
  }
}

/** How the reports process says why there is no export. */
export const RefusalBody = z.object({
  refusal: z.enum(Object.keys(exportRefusals) as [ExportRefusal]),
  message: z.string().max(2000),
  retryAfter: z.number().int().nonnegative().nullable(),
});

/** Where the reports process answers, below its address. */
export const EXPORT_PATH = "/v1/export";
/** Where it reads what partners send. */
export const IMPORT_PATH = "/v1/import";
/** Where it says whether it is ready. */
export const READY_PATH = "/v1/ready";
/** Header that names the report that was taken. */
export const REPORT_HEADER = "assay-report";
/** Header that names the most restricted level of what is inside. */
export const TLP_HEADER = "assay-tlp";
