import { findField, findingsOf, foundRuns, queryField, type Report } from "@assay/core";

import type { cardOf } from "./hit.ts";

/** A value of a column: one, or all that a field has. */
export type ColumnValue = Scalar | readonly Scalar[];
type Scalar = string | number | boolean | null;

/** Thrown for a column that can't be listed. */
export class ColumnError extends RangeError {
  override readonly name = "ColumnError";
}

type Card = ReturnType<typeof cardOf>;

/** Columns that every hit has itself. */
const cardColumns: Readonly<Record<string, (card: Card) => ColumnValue>> = {
  sha256: (card) => card.sha256,
  name: (card) => card.name,
  size: (card) => card.size,
  fileType: (card) => card.fileType,
  mime: (card) => card.mime,
  verdict: (card) => card.verdict,
  score: (card) => card.score,
  tag: (card) => card.tags,
  seen: (card) => card.seen,
  reportId: (card) => card.reportId,
};

/** What is listed where no columns are named. */
export const usualColumns: readonly string[] = Object.keys(cardColumns);

/** Reads a hit's columns. */
export interface Columns {
  /** True where the hits' reports are needed. */
  readonly needReports: boolean;
  /** A value a column; null, or none, of a report that is not there any more. */
  read(card: Card, report: Report | undefined): ColumnValue[];
}

/** Columns by name: fields of the catalogue and of its families, but for texts and notes. @throws {ColumnError} */
export function columnsOf(names: readonly string[]): Columns {
  for (const name of names) if (!isColumn(name)) throw refused(name);
  return {
    needReports: names.some((name) => !(name in cardColumns)),
    read(card, report) {
      const found = report && findingsOf(report, foundRuns(report), new Set());
      return names.map((name) => {
        const own = cardColumns[name];
        if (own !== undefined) return own(card);
        if (report === undefined) return [];
        return submissionValue(report, name) ?? familyValue(report, name) ?? [...found?.get(name) ?? []];
      });
    },
  };
}

function isColumn(name: string): boolean {
  if (Object.hasOwn(cardColumns, name)) return true;
  const field = queryField(name);
  return field !== undefined && field.name === name && field.type !== "text" && !field.annotation;
}

function refused(name: string): ColumnError {
  return new ColumnError(
    `Cannot list column '${name.slice(0, 120)}': expected reportId or a field other than texts and notes`,
  );
}

/** What belongs to the report's submission. */
function submissionValue(report: Report, name: string): ColumnValue | null {
  switch (name) {
    case "submission":
      return [report.submissionId];
    case "submitter":
      return [report.submitter];
    case "tlp":
      return [report.tlp];
    case "parent":
      return report.parent === null ? [] : [report.parent.sha256];
  }
  return null;
}

function familyValue(report: Report, name: string): ColumnValue | null {
  if (findField(name) !== undefined) return null;
  const [family, first, ...rest] = name.split(".") as [string, string, ...string[]];
  if (family === "metadata") return scalars(report.metadata[first]);
  const run = report.modules.find((one) => one.module === first);
  if (family === "module") return scalars(rest[0] === "status" ? run?.status : run?.version);
  return scalars(at(run?.status === "ok" ? run.raw : undefined, rest));
}

function at(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (Array.isArray(value)) return value.flatMap((item) => at(item, path));
  if (name === undefined) return value;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return at((value as Record<string, unknown>)[name], rest);
}

function scalars(value: unknown): Scalar[] {
  return [value].flat().filter((item) =>
    typeof item === "string" || typeof item === "number" || typeof item === "boolean"
  ) as Scalar[];
}
