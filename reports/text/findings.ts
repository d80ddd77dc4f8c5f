import { methodOf } from "../model/method.ts";
import type { Engine, ReportModel } from "../model/model.ts";
import { tlpLabel } from "../model/tlp.ts";
import { COLUMNS, entry, indent, table } from "./layout.ts";
import type { Safe } from "./render.ts";
import { wrap } from "./width.ts";

const INSIDE = COLUMNS - 2;

/** The verdict with every reason and what was seen. */
export function summaryLines({ verdict, families }: ReportModel, safe: Safe): string[] {
  return [
    ...wrap(safe(verdict.summary), INSIDE),
    ...(families.length === 0 ? [] : ["", ...wrap(`Families named: ${safe(families.join(", "))}`, INSIDE)]),
    ...verdict.reasons.flatMap(({ title, score, evidence, modules }) => [
      "",
      ...wrap(`${signed(score)}  ${safe(title)} (${modules.join(", ") || "known hashes"})`, INSIDE),
      ...evidence.flatMap((seen) => indent(wrap(safe(seen), INSIDE - 4), 4)),
    ]),
  ];
}

/** Every engine, those that failed or never ran too. */
export function engineLines({ engines }: ReportModel, safe: Safe): string[] {
  if (engines.length === 0) return ["No engine was asked."];
  return table(
    ["Engine", "Result", "Finding", "Version", "Time"],
    engines.flatMap((engine) => {
      const { name, status, version, definition, durationMs, cached } = engine;
      const [first, ...more] = findingsOf(engine, safe);
      const versions = [version, definition].filter(Boolean).join(" / ");
      const time = `${Math.round(durationMs)} ms${cached ? ", cached" : ""}`;
      return [
        [name, status, first!, safe(versions), time],
        ...more.map((finding) => ["", "", finding, "", ""]),
      ];
    }),
  );
}

function findingsOf({ findings, reason }: Engine, safe: Safe): string[] {
  if (reason !== null) return [safe(reason)];
  if (findings.length === 0) return ["-"];
  return findings.map(({ engine, label, verdict, family }) =>
    safe(`${verdict}: ${label}${family === null ? "" : ` [${family}]`} (${engine})`)
  );
}

/** Techniques with why. */
export function attackLines({ techniques }: ReportModel, safe: Safe): string[] {
  return techniques.flatMap(({ id, reasons }) => entry(id, reasons.map(safe).join("\n"), 12));
}

/** What analysts wrote. */
export function noteLines({ notes }: ReportModel, safe: Safe): string[] {
  return notes.flatMap(({ author, created, edited, tlp, text }, i) => [
    ...(i === 0 ? [] : [""]),
    ...wrap(
      `${safe(author)}, ${created}${edited === null ? "" : `, edited ${edited}`}, ${tlpLabel(tlp)}`,
      INSIDE,
    ),
    ...indent(wrap(safe(text), INSIDE - 2)),
  ]);
}

/** What failed, was left out or never ran. */
export function gapLines({ engines, limits }: ReportModel, safe: Safe): string[] {
  const failed = engines.filter(({ status }) => status !== "ok" && status !== "nothing");
  return [
    ...failed.flatMap(({ name, status, reason }) =>
      wrap(`${name}: ${status}: ${safe(reason ?? "")}`, INSIDE)
    ),
    ...limits.flatMap((limit) => wrap(safe(limit), INSIDE)),
  ];
}

/** How it was looked at. */
export function methodLines(model: ReportModel, safe: Safe): string[] {
  return wrap(safe(methodOf(model)), INSIDE);
}

function signed(score: number): string {
  return `${score >= 0 ? "+" : ""}${score}`.padStart(4);
}
