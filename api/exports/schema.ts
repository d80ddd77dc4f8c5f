import {
  exportContainers,
  ExportFormat,
  exportProfiles,
  ExportTarget,
  JobId,
  reportSections,
  Timestamp,
  Tlp,
} from "@assay/core";
import { z } from "@hono/zod-openapi";

const options = {
  format: ExportFormat,
  container: z.enum(exportContainers).default("zip").openapi({
    description:
      "A member a report in a zip with a manifest, or all joined to one file: a STIX bundle, NDJSON, CSV, text",
  }),
  profile: z.enum(exportProfiles).nullable().default(null).openapi({ description: "Of STIX" }),
  defang: z.boolean().nullable().default(null),
  sections: z.array(z.enum(reportSections)).min(1).max(reportSections.length).nullable().default(null),
};

/** The body of `POST /exports`. */
export const FileRequest = z.object({
  ...ExportTarget.shape,
  ...options,
  dryRun: z.boolean().default(false).openapi({ description: "Only count the reports that it would hold" }),
  expected: z.int().nonnegative().optional().openapi({
    description: "The number that `dryRun` told; needed to make it. Another number now is refused",
  }),
}).refine(
  ({ q, submission, list, sha256s }) =>
    [q, submission, list, sha256s].filter((one) => one !== undefined).length === 1,
  { path: ["q"], message: "Expected one of 'q', 'submission', 'list' and 'sha256s'" },
).refine(({ scope, list, sha256s }) => scope === "samples" || (list ?? sha256s) === undefined, {
  path: ["scope"],
  message: "Expected scope 'samples' with 'list' and 'sha256s'",
}).openapi("ReportFileRequest");

/** What `dryRun` tells. */
export const FileCount = z.object({ count: z.int() }).openapi("ReportFileCount");
/** What a file that will be made is known by. */
export const FileAccepted = z.object({ id: JobId, count: z.int() }).openapi("ReportFileAccepted");

/** A file of many reports, from when it was asked for. */
export const ReportFile = z.object({
  /** Also the id of the job that makes it. */
  id: JobId,
  status: z.enum(["pending", "running", "complete", "failed", "cancelled"]),
  /** Reports made so far, of all. */
  done: z.int(),
  total: z.int().nullable(),
  format: ExportFormat,
  container: z.enum(exportContainers),
  scope: z.enum(["samples", "reports"]),
  /** What was asked for; digests by their number. */
  of: z.object({
    q: z.string().nullable(),
    submission: z.string().nullable(),
    list: z.string().nullable(),
    samples: z.int().nullable(),
  }),
  /** What was made; null before. */
  file: z.object({
    reports: z.int(),
    /** Reports that could not be given; the first of them in `failures`, all in a zip's manifest. */
    failed: z.int(),
    failures: z.array(z.object({ reportId: z.string(), sha256: z.string(), reason: z.string() })),
    /** Bytes. */
    size: z.int(),
    sha256: z.string(),
    tlp: Tlp,
    /** When it is removed. */
    expires: Timestamp,
    /** False where it was removed. */
    available: z.boolean(),
  }).nullable(),
  error: z.string().nullable(),
  created: Timestamp,
  started: Timestamp.nullable(),
  finished: Timestamp.nullable(),
}).openapi("ReportFile");
