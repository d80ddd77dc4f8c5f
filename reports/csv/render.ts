import { csvLine } from "@assay/core";
import { defang } from "../model/defang.ts";
import type { ReportModel } from "../model/model.ts";

const COLUMNS = ["type", "value", "seen", "source", "sample", "verdict", "score", "tlp"] as const;

/**
 * The digests of the sample and its indicators as CSV (RFC 4180, UTF-8), for machines: values stand as they are unless they are asked
 * for defanged. Its first line is a comment, as feeds of indicators have it. A cell that a spreadsheet would take for a formula, or that
 * starts with `'`, gets one `'` in front.
 */
export function renderCsv(model: ReportModel, defanged = false): string {
  const about = [model.sha256, model.verdict.level, String(model.verdict.score), model.findingsTlp];
  const digests = Object.entries(model.digests).flatMap(([algorithm, value]) =>
    value === undefined ? [] : [[algorithm, value, "sample", "", ...about]]
  );
  const indicators = model.indicators.map(({ type, value, seen, sources }) =>
    [type, defanged ? defang(type, value) : value, seen, sources.join("; ")].concat(about)
  );
  const rows = [[...COLUMNS], ...digests, ...indicators].map(csvLine);
  return `# ${model.statement}\r\n${rows.join("")}`;
}
