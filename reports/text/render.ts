import { type ReportSection, reportSections } from "@assay/core";
import { defangText } from "../model/defang.ts";
import { hostsOf } from "../model/hosts.ts";
import type { ReportModel } from "../model/model.ts";
import { tlpLabel } from "../model/tlp.ts";
import { COLUMNS, entry, indent } from "./layout.ts";
import { indicatorLines } from "./indicators.ts";
import { factLines, identificationLines, relatedLines } from "./sample.ts";
import { attackLines, engineLines, gapLines, methodLines, noteLines, summaryLines } from "./findings.ts";
import { widthOf, wrap } from "./width.ts";

/** What sections are made with: text in which no link is left, unless links were asked for. */
export type Safe = (text: string) => string;

/** How a form for people is made. */
export interface ReadableOptions {
  /** False leaves links as they are, for who has to copy them. */
  readonly defang: boolean;
  readonly sections: ReadonlySet<ReportSection>;
}

/** All of it, defanged. */
export const ALL: ReadableOptions = { defang: true, sections: new Set(reportSections) };

/** The report as plain text: at most 100 columns, no escape codes, nothing to click on. */
export function renderText(model: ReportModel, options: ReadableOptions = ALL): string {
  const hosts = hostsOf(model);
  const safe: Safe = options.defang ? (text) => defangText(text, hosts) : (text) => text;
  const sections: readonly [ReportSection, string, () => string[]][] = [
    ["summary", "Summary", () => summaryLines(model, safe)],
    ["engines", "Engines", () => engineLines(model, safe)],
    ["identification", "Identification", () => identificationLines(model, safe)],
    ["static", "Static analysis", () => factLines(model, safe, false)],
    ["dynamic", "Dynamic analysis", () => factLines(model, safe, true)],
    ["attack", "MITRE ATT&CK", () => attackLines(model, safe)],
    ["indicators", "Indicators", () => indicatorLines(model, safe, options.defang)],
    ["related", "Related files", () => relatedLines(model, safe)],
    ["notes", "Notes", () => noteLines(model, safe)],
    ["gaps", "What could not be determined", () => gapLines(model, safe)],
    ["method", "Method", () => methodLines(model, safe)],
  ];
  const numbered = sections.filter(([name]) => options.sections.has(name))
    .map(([, title, lines]) => ({ title, lines: lines() }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }, i) => ({ title: `${i + 1}. ${title}`, lines }));
  return [
    ...headLines(model, safe),
    "",
    "Contents",
    ...numbered.map(({ title }) => `  ${title}`),
    ...numbered.flatMap(({ title, lines }) => ["", title, "-".repeat(widthOf(title)), ...indent(lines)]),
    "",
    ...footLines(model, safe),
    "",
  ].join("\n");
}

function headLines(model: ReportModel, safe: Safe): string[] {
  const { level, score } = model.verdict;
  const label = tlpLabel(model.tlp);
  const title = "Malware analysis report";
  return [
    title + " ".repeat(COLUMNS - title.length - label.length) + label,
    "=".repeat(COLUMNS),
    ...entry("Verdict", `${level.toUpperCase()}, score ${score} of 100`),
    ...entry("TLP", label),
    ...entry("SHA-256", model.sha256),
    ...entry("Name", model.name === null ? "(none given)" : safe(model.name)),
    ...entry("Submitted", model.submitted),
    ...entry("Analysed", `${model.started} to ${model.finished}`),
    ...entry("Report", `${model.id}, revision ${model.revision}`),
    ...entry("By", safe([model.organisation.name, model.organisation.contact].filter(Boolean).join(", "))),
    "",
    model.statement,
  ];
}

function footLines({ tlp, statement, organisation }: ReportModel, safe: Safe): string[] {
  const label = tlpLabel(tlp);
  const { tlpStatement, notification } = organisation;
  return [
    "=".repeat(COLUMNS),
    ...[tlpStatement, notification].flatMap((text) =>
      text === null ? [] : [...wrap(safe(text), COLUMNS), ""]
    ),
    statement + " ".repeat(COLUMNS - statement.length - label.length) + label,
  ];
}
