import type { ReportModel } from "../model/model.ts";

const COLUMNS = ["type", "value", "seen", "source", "sample", "verdict", "score", "tlp"] as const;

/**
 * The digests of the sample and its indicators as CSV (RFC 4180, UTF-8), for machines: values stand as they are. Its first line is
 * a comment, as feeds of indicators have it. A cell that a spreadsheet would take for a formula, or that starts with `'`, gets one `'`
 * in front.
 */
export function renderCsv(model: ReportModel): string {
  const about = [model.sha256, model.verdict.level, String(model.verdict.score), model.findingsTlp];
  const digests = Object.entries(model.digests).flatMap(([algorithm, value]) =>
    value === undefined ? [] : [[algorithm, value, "sample", "", ...about]]
  );
  const indicators = model.indicators.map(({ type, value, seen, sources }) =>
    [type, value, seen, sources.join("; ")].concat(about)
  );
  const rows = [[...COLUMNS], ...digests, ...indicators].map((row) => row.map(cell).join(","));
  return [`# ${model.statement}`, ...rows, ""].join("\r\n");
}

/** What spreadsheets begin a formula with (OWASP, "CSV Injection"), also behind spaces and as wide forms. */
const FORMULA = /^\s*['=+\-@|＝＋－＠]/;

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
