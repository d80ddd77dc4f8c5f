import { z } from "zod";
import { ListId, Sha256, SubmissionId } from "../id/id.ts";
import { MAX_ACTION_SAMPLES } from "../job/search_action.ts";
import { queryModes } from "../query/mode.ts";
import { type ExportForm, type ExportFormat, exportForms, ExportOptions } from "./form.ts";

/** How many reports leave together: as members of a zip, or joined to one file of their form. */
export const exportContainers = ["zip", "joined"] as const;
/** How many reports leave together. */
export type ExportContainer = (typeof exportContainers)[number];

/** What a file of many reports is. */
export type FileForm = Pick<ExportForm, "mediaType" | "extension">;

/** A zip of reports, whatever their form. */
export const zipForm: FileForm = { mediaType: "application/zip", extension: "zip" };

/** What many reports in one file are. */
export interface JoinedForm extends FileForm {
  /** Reports at most, where a program must hold them all to make one document of them; null where it needn't. */
  readonly most: number | null;
}

/** Many reports in one file, by the form of one; those that are missing only leave as a zip. */
export const joinedForms: Readonly<Partial<Record<ExportFormat, JoinedForm>>> = {
  json: { mediaType: "application/x-ndjson", extension: "ndjson", most: null },
  stix: { ...exportForms.stix, most: null },
  csv: { ...exportForms.csv, most: null },
  text: { ...exportForms.text, most: null },
  html: { ...exportForms.html, most: 200 },
  // A report takes several times as long to print as to make its page.
  pdf: { ...exportForms.pdf, most: 50 },
};

/** Which reports leave together: exactly one of `q`, `submission`, `list` and `sha256s`. */
export const ExportTarget = z.object({
  /** A query. */
  q: z.string().max(8192).optional(),
  /** Everything of a submission. */
  submission: SubmissionId.optional(),
  /** Samples of a list. */
  list: ListId.optional(),
  sha256s: z.array(Sha256).min(1).max(MAX_ACTION_SAMPLES).optional(),
  mode: z.enum(queryModes).default("default"),
  /** The newest report of each sample, or every report. */
  scope: z.enum(["samples", "reports"]).default("samples"),
});
/** Which reports leave together. */
export type ExportTarget = z.infer<typeof ExportTarget>;

/** Many reports in a file, as a job of the kind {@link EXPORT_KIND} keeps it. */
export const ReportsExport = ExportOptions.extend({
  container: z.enum(exportContainers),
  ...ExportTarget.shape,
});
/** Many reports in a file. */
export type ReportsExport = z.infer<typeof ReportsExport>;

/** Kind of the jobs that make files of reports. */
export const EXPORT_KIND = "reports.export";

/** The form of the file. Null where reports of this format can't be joined. */
export function fileFormOf(
  { container, format }: Pick<ReportsExport, "container" | "format">,
): FileForm | null {
  return container === "zip" ? zipForm : joinedForms[format] ?? null;
}

/** Reports that the file may hold whatever the configuration allows; null where there is no such limit. */
export function mostOf({ container, format }: Pick<ReportsExport, "container" | "format">): number | null {
  return container === "zip" ? null : joinedForms[format]?.most ?? null;
}
