import { Note, Report, SampleTag, Tlp } from "@assay/core";
import { z } from "zod";
import { indicatorTypes } from "../model/model.ts";

/** Moves when the shape of the export changes in a way that a reader can notice. */
export const EXPORT_VERSION = 1;

/** The JSON export: everything of a scan that its reader may see. */
export const ReportExport = z.object({
  format: z.literal("assay-report"),
  version: z.literal(EXPORT_VERSION),
  /** The line that every export carries. */
  statement: z.string(),
  /** The most restricted level of what is inside. */
  tlp: Tlp,
  organisation: z.object({ name: z.string(), contact: z.string().nullable() }),
  report: Report,
  /** What the sample mentions or touches, of all modules, each once. */
  indicators: z.array(z.object({
    type: z.enum(indicatorTypes),
    value: z.string(),
    seen: z.enum(["used", "mentioned"]),
    sources: z.array(z.string()),
  })),
  families: z.array(z.string()),
  notes: z.array(Note),
  /** Tags that analysts gave the sample; those of the submission are in the report. */
  tags: z.array(SampleTag),
});
/** The JSON export of a scan. */
export type ReportExport = z.infer<typeof ReportExport>;

/** The published JSON Schema (2020-12) of {@link ReportExport}, kept in `report-1.schema.json`. */
export function exportSchema(): Record<string, unknown> {
  return {
    $id: `urn:assay:report:${EXPORT_VERSION}`,
    title: "Assay report",
    ...z.toJSONSchema(ReportExport, { io: "output" }),
  };
}
