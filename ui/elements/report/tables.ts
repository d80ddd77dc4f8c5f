import type { Observation, Report } from "@assay/core";
import { defang, isLive, showText } from "../../text.ts";
import { fieldOf, importsOf } from "./columns.ts";

type Raw = string | number | boolean | null;
type Of<T extends Observation["type"]> = Extract<Observation, { type: T }>;

/** A value in a cell: how it is drawn, and the field that finds it where there is one. */
export interface FoundValue {
  readonly shown: string;
  readonly raw: string;
  readonly field: string | null;
}

/** A table of findings; a cell may hold several values. */
export interface FoundTable {
  /** Unique in its report. */
  readonly id: string;
  readonly module: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (readonly FoundValue[])[])[];
  /** Rows there were before any cap. */
  readonly total: number;
}

/** What the modules found, as tables in the order of modules and of what matters most. */
export function tablesOf(report: Report): FoundTable[] {
  return report.modules.flatMap((run) => {
    if (run.status !== "ok") return [];
    const tables = [
      ...observedTables(run.observations),
      ...(run.module === "strings" ? [stringsTable(run.raw)] : []),
    ].filter(({ rows }) => rows.length > 0);
    return tables.map((table, at) => ({ ...table, id: `${run.module}-${at}`, module: run.module }));
  });
}

type Table = Omit<FoundTable, "id" | "module">;

function table(
  title: string,
  columns: readonly string[],
  rows: FoundValue[][][],
  total = rows.length,
): Table {
  return { title, columns, rows, total };
}

/** A cell of one value. */
export function cell(raw: Raw, field: string | null = null): FoundValue[] {
  if (raw === null || raw === "") return [];
  const text = String(raw);
  return [{ shown: showText(field !== null && isLive(field) ? defang(text) : text), raw: text, field }];
}

/** Digests that stand under the sample's identity. */
const toldDigests = new Set(["md5", "sha1", "sha256", "sha512", "ssdeep", "tlsh"]);

function observedTables(observations: readonly Observation[]): Table[] {
  const of = <T extends Observation["type"]>(type: T) =>
    observations.filter((o): o is Of<T> => o.type === type);
  const sections = of("section");
  return [
    table("Detections", ["Rule or signature", "Says", "Family", "About"], of("detection").map(detectionRow)),
    table(
      "Techniques",
      ["ATT&CK", "Why"],
      of("technique").map((t) => [cell(t.id, "attack"), cell(t.reason)]),
    ),
    table("Tags", ["Tag"], of("tag").map((t) => [cell(t.value, "tag")])),
    table(
      "Indicators",
      ["Kind", "Value", "Where"],
      of("observable").map((o) => [cell(o.kind), cell(o.value, o.kind), cell(o.source ?? null)]),
    ),
    ...sections.map(sectionTable),
    table("Properties", ["Field", "Value"], propertyRows(of("property"), sections.length > 0)),
    table("Numbers", ["Feature", "Value"], of("feature").map((f) => [cell(f.name), cell(rounded(f.value))])),
    table(
      "Digests",
      ["Algorithm", "Value"],
      of("digest").filter((d) => !toldDigests.has(d.algorithm)).map((d) => [
        cell(d.algorithm),
        cell(d.value, d.algorithm),
      ]),
    ),
  ];
}

function detectionRow({ engine, label, verdict, family, meta }: Of<"detection">): FoundValue[][] {
  const about = Object.entries(meta ?? {}).map(([key, value]) => `${key}: ${value}`).join("; ");
  return [
    cell(label, engine === "yara" ? "yara.rule" : "av.label"),
    cell(verdict),
    cell(family ?? null, "family"),
    cell(about),
  ];
}

function sectionTable(section: Of<"section">): Table {
  const { title, columns, rows, total } = section;
  if (title === "Imports") return table(title, columns, rows.map(importsOf), total);
  return table(
    title,
    columns,
    rows.map((row) => row.map((raw, at) => cell(raw, fieldOf(section, row, at)))),
    total,
  );
}

/** A module that draws its own tables shows lists there; only single values are repeated here. */
function propertyRows(properties: readonly Of<"property">[], hasTables: boolean): FoundValue[][][] {
  const counts = new Map<string, number>();
  for (const { field } of properties) counts.set(field, (counts.get(field) ?? 0) + 1);
  return properties.filter(({ field }) => !hasTables || counts.get(field) === 1)
    .map(({ field, value }) => [cell(field), cell(value, field)]);
}

/** The strings that the report holds; all of them lie beside the sample. */
function stringsTable(raw: unknown): Table {
  const kept = raw !== null && typeof raw === "object" ? (raw as { sample?: unknown }).sample : null;
  const strings = Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  return table("Strings", ["String"], strings.map((text) => [cell(text, "string")]));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
