import type { Note, Report, SampleTag, Visibility } from "@assay/core";
import type { Notes, ReportExportRequest, Reports, SampleTags } from "@assay/infra";
import { MOST_NOTES } from "../model/build.ts";

/** Where reports and what analysts added to them come from. Each read takes the reader's visibility. */
export interface Sources {
  readonly reports: Pick<Reports, "find" | "latest">;
  readonly notes: Pick<Notes, "list">;
  readonly tags: Pick<SampleTags, "list">;
}

/** A report with what the reader may see of its sample's notes and tags. */
export interface ReadReport {
  readonly report: Report;
  readonly notes: readonly Note[];
  readonly tags: readonly SampleTag[];
}

/** Reads a report for one reader; null where it is absent or not for him. */
export async function readReport(
  of: ReportExportRequest["of"],
  visibility: Visibility,
  sources: Sources,
): Promise<ReadReport | null> {
  const report = "report" in of
    ? await sources.reports.find(of.report, visibility)
    : (await sources.reports.latest([of.sample], visibility)).get(of.sample) ?? null;
  if (report === null) return null;
  const [notes, tags] = await Promise.all([
    // One more than are kept, so that what is left out is said.
    sources.notes.list(report.sha256, { size: MOST_NOTES + 1 }, visibility),
    sources.tags.list(report.sha256, visibility),
  ]);
  return { report, notes: notes.items, tags };
}
