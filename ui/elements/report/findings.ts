import type { ModuleRun, Observation } from "@assay/core";
import { html, type TemplateResult } from "lit";
import { defang, showText } from "../../text.ts";

/** Rows drawn at once in one table; a search narrows the rest. */
const MOST_ROWS = 200;

type Section = Extract<Observation, { type: "section" }>;
type Row = readonly (string | number | boolean | null)[];

/** What the modules found, a fold each, narrowed to rows that hold the search text. */
export function renderFindings(runs: readonly ModuleRun[], filter: string) {
  const needle = filter.trim().toLowerCase();
  const folds = runs.flatMap((run) =>
    run.status === "ok" ? renderRun(run.module, run.observations, needle) : []
  );
  if (folds.length > 0) return folds;
  return html`<p class="empty">${
    needle ? `Nothing in this report holds “${filter}”.` : "No module found anything."
  }</p>`;
}

function renderRun(module: string, observations: readonly Observation[], needle: string): TemplateResult[] {
  return tablesOf(observations).flatMap(({ title, columns, rows, total }) => {
    const fitting = needle
      ? rows.filter((row) => row.some((cell) => String(cell).toLowerCase().includes(needle)))
      : rows;
    if (fitting.length === 0) return [];
    const shown = fitting.slice(0, MOST_ROWS);
    const count = needle ? `${fitting.length} of ${rows.length}` : String(total);
    return [html`
      <details ?open=${needle !== "" || fitting.length <= 12}>
        <summary>${title} <span class="quiet">${module}, ${count}</span></summary>
        <div class="table" tabindex="0" role="region" aria-label=${title}>
          <table>
            <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
            <tbody>${shown.map((row) =>
              html`<tr>${row.map((cell) => html`<td class="mono">${showCell(cell)}</td>`)}</tr>`
            )}</tbody>
          </table>
          ${fitting.length > shown.length
            ? html`<p class="quiet">${
              fitting.length - shown.length
            } more; narrow them by “Find in this report”.</p>`
            : null}
        </div>
      </details>
    `];
  });
}

/** Observations as tables: sections as they are, the rest grouped by kind. */
function tablesOf(
  observations: readonly Observation[],
): { title: string; columns: readonly string[]; rows: readonly Row[]; total: number }[] {
  const of = <T extends Observation["type"]>(type: T) =>
    observations.filter((o): o is Extract<Observation, { type: T }> => o.type === type);
  const table = (title: string, columns: readonly string[], rows: readonly Row[]) => ({
    title,
    columns,
    rows,
    total: rows.length,
  });
  const listed = new Set(["md5", "sha1", "sha256", "sha512", "ssdeep", "tlsh"]);
  const tables = [
    table(
      "Detections",
      ["Rule or signature", "Says", "Family"],
      of("detection").map((d) => [d.label, d.verdict, d.family ?? ""]),
    ),
    table("Techniques", ["ATT&CK", "Why"], of("technique").map((t) => [t.id, t.reason])),
    table("Tags", ["Tag"], of("tag").map((t) => [t.value])),
    table(
      "Indicators",
      ["Kind", "Value (defanged)", "Where"],
      of("observable").map((o) => [o.kind, defangObservable(o), o.source ?? ""]),
    ),
    ...of("section").map((s: Section) => ({
      title: s.title,
      columns: s.columns,
      rows: s.rows,
      total: s.total,
    })),
    table("Properties", ["Field", "Value"], shortProperties(of("property"), of("section").length > 0)),
    table(
      "Numbers",
      ["Feature", "Value"],
      of("feature").map((f) => [f.name, Math.round(f.value * 1000) / 1000]),
    ),
    table(
      "Digests",
      ["Algorithm", "Value"],
      of("digest").filter((d) => !listed.has(d.algorithm)).map((d) => [d.algorithm, d.value]),
    ),
  ];
  return tables.filter((t) => t.rows.length > 0);
}

/** A module that draws its own tables shows lists there; only single values are repeated here. */
function shortProperties(
  properties: readonly Extract<Observation, { type: "property" }>[],
  hasTables: boolean,
): Row[] {
  const counts = new Map<string, number>();
  for (const { field } of properties) counts.set(field, (counts.get(field) ?? 0) + 1);
  return properties.filter(({ field }) => !hasTables || counts.get(field) === 1).map((
    p,
  ) => [p.field, p.value]);
}

function defangObservable(observable: Extract<Observation, { type: "observable" }>): string {
  const live = ["url", "domain", "ip", "email"].includes(observable.kind);
  return live ? defang(observable.value) : observable.value;
}

function showCell(cell: string | number | boolean | null): string {
  return cell === null ? "" : typeof cell === "string" ? showText(cell) : String(cell);
}
