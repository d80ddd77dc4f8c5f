import type { Note, Report, SampleTag, Sha256, Timestamp, Visibility } from "@assay/core";
import type { Notes, ReportExportRequest, Reports, SampleTags } from "@assay/infra";
import { levelsOf, MOST_NOTES } from "../model/build.ts";
import { byText } from "../model/order.ts";
import { narrowed } from "../model/view.ts";

/** Where reports and what analysts added to them come from. Each read takes the reader's visibility. */
export interface Sources {
  readonly reports: Pick<Reports, "find" | "latest">;
  readonly notes: Pick<Notes, "list" | "lastChange">;
  readonly tags: Pick<SampleTags, "list" | "history">;
}

/** A report with what the reader may see of its sample's notes and tags. */
export interface ReadReport {
  readonly report: Report;
  readonly notes: readonly Note[];
  readonly tags: readonly SampleTag[];
  /** When notes or tags last changed, one that is gone too; null where they never did. */
  readonly changed: Timestamp | null;
  /** The reader, without who he is where that makes no difference. */
  readonly visibility: Visibility;
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
  const { sha256 } = report;
  const everybody: Visibility = { reader: null, maxTlp: visibility.maxTlp };
  const [notes, tags, lastForAll] = await Promise.all([
    // One more than are kept, so that what is left out is said.
    sources.notes.list(sha256, { size: MOST_NOTES + 1 }, visibility),
    sources.tags.list(sha256, visibility),
    lastChange(sha256, everybody, sources),
  ]);
  const kept = { report, notes: notes.items, tags };
  // As all see it who see the same: what one alone could see and took away again changes nothing for the others.
  const view = narrowed(visibility, levelsOf(kept));
  const changed = view.reader === null ? lastForAll : await lastChange(sha256, view, sources);
  return { ...kept, changed, visibility: view };
}

async function lastChange(
  sha256: Sha256,
  visibility: Visibility,
  { notes, tags }: Sources,
): Promise<Timestamp | null> {
  const [noted, tagged] = await Promise.all([
    notes.lastChange(sha256, visibility),
    tags.history(sha256, { size: 1 }, visibility),
  ]);
  const changes = [noted, tagged.items[0]?.at ?? null].filter((at) => at !== null);
  return changes.sort(byText).at(-1) ?? null;
}
