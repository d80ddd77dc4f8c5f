import { findField, type Findings, findingsOf, foundRuns, type Report } from "@assay/core";
import { packReport, REPORT } from "./packed.ts";
import { searchRawOf } from "./raw.ts";
import { searchTextOf } from "./text.ts";
import { markWords, reverseAll } from "./words.ts";

/** A report's document as members of a JSON object (without its braces). */
export interface Derived {
  /** All content, packed. */
  readonly content: string;
  /** Values of the catalogue's fields, but for tags; and how each module ended. */
  readonly fields: string;
  /** Tags of the findings. */
  readonly tags: readonly string[];
  readonly text: string;
  readonly raw: string;
  /** The report's limits and those of search. */
  readonly limits: readonly string[];
}

/** All content of a report, packed, with these limits. */
export function contentOf(report: Report, limits: readonly string[]): string {
  return members({ [REPORT]: packReport({ ...report, limits: [...limits] }) });
}

/** A report is stored and then projected: what it is found by is derived once. */
const derivedOnce = new WeakMap<Report, Derived>();

/** What a report is found by, with or without the findings of look-ups outside. */
export function deriveFrom(report: Report, options: { lookups: boolean }): Derived {
  const known = options.lookups ? derivedOnce.get(report) : undefined;
  if (known !== undefined) return known;
  const limits = new Set(report.limits);
  const runs = foundRuns(report).filter((run) => options.lookups || run.category !== "lookup");
  const findings = findingsOf(report, runs, limits);
  const tags = [...findings.get("tag") ?? []] as string[];
  findings.delete("tag");
  const module = Object.fromEntries(
    report.modules.map((run) => [run.module, { status: run.status, version: run.version }]),
  );
  const fields = members({ ...indexed(findings), module });
  const text = members({ text: searchTextOf(runs, limits) });
  const derived: Derived = {
    content: contentOf(report, [...limits]),
    fields,
    tags,
    text,
    raw: members({ raw: searchRawOf(runs) }),
    limits: [...limits],
  };
  if (options.lookups) derivedOnce.set(report, derived);
  return derived;
}

/** The members of a JSON object, without its braces. */
export function members(object: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(object).slice(1, -1);
}

/** Values under the paths that `storage.ts` names. */
export function indexed(findings: Findings): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  for (const [name, values] of findings) {
    if (findField(name)!.type !== "name") {
      document[name] = [...values];
      continue;
    }
    const written = [...values] as string[];
    const lowered = [...new Set(written.map((value) => value.toLowerCase()))];
    document[name] = lowered;
    document[`reversed.${name}`] = reverseAll(lowered);
    document[`words.${name}`] = markWords(written.join("\n"));
  }
  return document;
}
