import { html } from "lit";
import type { Needle } from "../../mark.ts";
import type { FoundTable, FoundValue } from "./tables.ts";

/** Rows drawn at once in a table, and by how many it grows. */
export const ROWS = 200;
/** A table of so many rows or fewer is open at first. */
const SMALL = 12;
/** Characters of a value that isn't broken. */
const SHORT = 24;

/** How the reader has the tables: which are open, how many rows each shows. */
export interface FindingsView {
  readonly needle: Needle;
  readonly open: ReadonlyMap<string, boolean>;
  readonly rows: ReadonlyMap<string, number>;
  readonly onToggle: (event: Event) => void;
  readonly onMoreClick: (event: Event) => void;
}

/** The tables with the rows that hold what is looked for; those without any are left out. */
export function narrow(tables: readonly FoundTable[], needle: Needle): FoundTable[] {
  if (needle.empty) return [...tables];
  const holds = ({ shown, raw }: FoundValue) => needle.isIn(shown) || needle.isIn(raw);
  return tables.map((table) => ({ ...table, rows: table.rows.filter((row) => row.flat().some(holds)) }))
    .filter(({ rows }) => rows.length > 0);
}

/** What the modules found, a heading each, a fold a table. */
export function renderFindings(tables: readonly FoundTable[], view: FindingsView) {
  if (tables.length === 0) {
    return html`<p class="empty">${
      view.needle.empty ? "No module found anything." : `No finding holds “${view.needle.text}”.`
    }</p>`;
  }
  return [...Map.groupBy(tables, ({ module }) => module)].map(([module, found]) =>
    html`
      <div class="module" data-section="module-${module}">
        <h3 tabindex="-1">${module}</h3>
        ${found.map((table) => renderTable(table, view))}
      </div>
    `
  );
}

function renderTable(table: FoundTable, view: FindingsView) {
  const { id, title, rows, total } = table;
  const open = !view.needle.empty || (view.open.get(id) ?? rows.length <= SMALL);
  const count = view.needle.empty ? String(total) : `${rows.length} of ${total}`;
  return html`
    <details data-table=${id} ?open=${open} @toggle=${view.onToggle}>
      <summary>${title} <span class="quiet">${count}</span></summary>
      ${open ? renderRows(table, view) : null}
    </details>
  `;
}

function renderRows({ id, title, module, columns, rows }: FoundTable, view: FindingsView) {
  const shown = rows.slice(0, view.rows.get(id) ?? ROWS);
  return html`
    <div class="table" tabindex="0" role="region" aria-label="${title} of ${module}">
      <table>
        <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${shown.map((row) =>
          html`<tr>${
            row.map((values) =>
              html`<td class=${cellClass(values)}>${renderValues(values, view.needle)}</td>`
            )
          }</tr>`
        )}</tbody>
      </table>
      ${rows.length > shown.length
        ? html`<p><button data-table=${id} @click=${view.onMoreClick}>Show ${
          Math.min(ROWS, rows.length - shown.length)
        } more of ${rows.length}</button></p>`
        : null}
    </div>
  `;
}

/** Values that stand close together open their menus themselves; a value of its own has a button for it. */
function renderValues(values: readonly FoundValue[], needle: Needle) {
  if (values.length === 1) return renderValue(values[0]!, needle, false);
  return html`<ul class="values">${
    values.map((value) => html`<li>${renderValue(value, needle, true)}</li>`)
  }</ul>`;
}

function renderValue({ shown, raw, field }: FoundValue, needle: Needle, inline: boolean) {
  const marked = needle.mark(shown, raw);
  return field === null
    ? marked
    : html`<assay-pivot field=${field} value=${raw} ?inline=${inline}>${marked}</assay-pivot>`;
}

/** Short values stay on one line, so that long ones beside them take the room. */
function cellClass(values: readonly FoundValue[]): string {
  return values.length === 1 && values[0]!.shown.length <= SHORT ? "mono short" : "mono";
}
