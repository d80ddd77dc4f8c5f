import type { ReportComparison } from "@assay/core";
import { defang, formatSize, isLive, showText } from "../../text.ts";

/** A value beside its counterpart. `field` is set where values can be searched by it. */
export interface ComparedRow {
  readonly what: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly differs: boolean;
  readonly field: string | null;
}

/** A table of a comparison. */
export interface ComparedPart {
  readonly title: string;
  readonly rows: readonly ComparedRow[];
}

type Value = string | number | boolean;
interface Counted {
  readonly counts: { readonly onlyA: number; readonly onlyB: number; readonly both: number };
}

/** All of a comparison as tables, in the order in which analysts look; text is as it is and shown by who draws it. */
export function partsOf(comparison: ReportComparison): ComparedPart[] {
  const { facts, verdict, tags, children, fields, strings, modules, sections } = comparison;
  return [
    { title: "Verdict", rows: verdictRows(verdict) },
    {
      title: "Identity",
      rows: facts.map(({ name, a, b, same }): ComparedRow => ({
        what: name,
        a: texts(a),
        b: texts(b),
        differs: !same,
        field: name,
      })),
    },
    { title: "Tags", rows: [listRow("tag", tags.onlyA, tags.onlyB, tags, "tag")] },
    { title: "Fields", rows: fields.map((one) => listRow(one.field, one.onlyA, one.onlyB, one, one.field)) },
    { title: "Sections", rows: sections.map(sectionRow) },
    {
      title: "Extracted files",
      rows: [listRow("file", children.onlyA.map(nameOf), children.onlyB.map(nameOf), children, null)],
    },
    { title: "Strings", rows: [listRow("string", strings.onlyA, strings.onlyB, strings, null)] },
    { title: "Modules", rows: modules.map(moduleRow) },
  ].map(({ title, rows }) => ({ title, rows: rows.filter(({ a, b }) => a.length + b.length > 0) }));
}

function verdictRows({ a, b, reasons }: ReportComparison["verdict"]): ComparedRow[] {
  const level = ({ level, score }: typeof a) => [`${level}, ${score} of 100`];
  const reason = ({ title, score, evidence }: typeof reasons.onlyA[number]) =>
    `${title} (${score})${evidence.length > 0 ? `: ${evidence.join("; ")}` : ""}`;
  const of = (row: Omit<ComparedRow, "field">): ComparedRow => ({ ...row, field: null });
  return [
    of({ what: "verdict", a: level(a), b: level(b), differs: a.level !== b.level || a.score !== b.score }),
    ...reasons.onlyA.map((one) => of({ what: one.heuristic, a: [reason(one)], b: [], differs: true })),
    ...reasons.onlyB.map((one) => of({ what: one.heuristic, a: [], b: [reason(one)], differs: true })),
    ...reasons.both.map(({ heuristic, title, changed }) => {
      const told = [changed ? `${title}, with other evidence or score` : title];
      return of({ what: heuristic, a: told, b: told, differs: changed });
    }),
  ];
}

/** What only one side has; what both have is counted, since a comparison names differences alone. */
function listRow(
  what: string,
  onlyA: readonly Value[],
  onlyB: readonly Value[],
  { counts }: Counted,
  field: string | null,
): ComparedRow {
  const differs = counts.onlyA + counts.onlyB > 0;
  const common = counts.both === 0 ? "" : `, ${counts.both} in both`;
  const cut = (named: readonly Value[], all: number) =>
    named.length < all ? [`… and ${all - named.length} more`] : [];
  if (!differs) {
    const told = counts.both === 0
      ? []
      : [`the same ${counts.both === 1 ? "value" : `${counts.both} values`}`];
    return { what, a: told, b: told, differs, field: null };
  }
  return {
    what: what + common,
    a: [...onlyA.map(String), ...cut(onlyA, counts.onlyA)],
    b: [...onlyB.map(String), ...cut(onlyB, counts.onlyB)],
    differs,
    field,
  };
}

function sectionRow({ change, a, b }: ReportComparison["sections"][number]): ComparedRow {
  const side = (one: typeof a) =>
    one === null ? [] : [
      [
        one.name,
        one.size === null ? null : formatSize(one.size),
        one.entropy === null ? null : `entropy ${one.entropy.toFixed(2)}`,
        one.sha256?.slice(0, 16),
      ].filter((part) => part !== null && part !== undefined).join(", "),
    ];
  const words = {
    same: "same",
    changed: "changed",
    renamed: "renamed",
    onlyA: "only in A",
    onlyB: "only in B",
  };
  return { what: words[change], a: side(a), b: side(b), differs: change !== "same", field: null };
}

function moduleRow({ module, change, a, b }: ReportComparison["modules"][number]): ComparedRow {
  const side = (one: typeof a) => {
    if (one === null) return [];
    const versions = [one.version, one.definition].filter((version) => version !== null).map((v) =>
      v!.slice(0, 24)
    );
    return [[one.status, one.reason, ...versions, `${one.observations} findings`].filter(Boolean).join(", ")];
  };
  return { what: module, a: side(a), b: side(b), differs: change !== "same", field: null };
}

function nameOf({ name, sha256 }: { readonly name: string; readonly sha256: string }): string {
  return `${name} (${sha256.slice(0, 16)}…)`;
}

function texts(value: Value | null): string[] {
  return value === null ? [] : [String(value)];
}

/** A compared value for a screen. */
export function showCompared(value: string, field: string | null): string {
  return showText(field !== null && isLive(field) ? defang(value) : value);
}
