import type { ReportModel } from "../model/model.ts";
import { wellFormed } from "../model/shown.ts";
import { EXPORT_VERSION, type ReportExport } from "./schema.ts";

/**
 * Everything of a scan that its reader may see, raw data of modules too, as JSON by {@link ReportExport}. Its text is as the sample
 * has it, hostile; only halves of surrogate pairs are replaced, which no UTF-8 can carry.
 */
export function renderJson(model: ReportModel): string {
  const content: ReportExport = {
    format: "assay-report",
    version: EXPORT_VERSION,
    statement: model.statement,
    tlp: model.tlp,
    organisation: { name: model.organisation.name, contact: model.organisation.contact },
    report: model.report,
    indicators: model.indicators.map(({ type, value, seen, sources }) => ({
      type,
      value,
      seen,
      sources: [...sources],
    })),
    families: [...model.families],
    notes: [...model.notes],
    tags: [...model.analystTags],
  };
  return `${JSON.stringify(wellFormed(content), null, 2)}\n`;
}
