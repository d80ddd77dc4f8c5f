import { type Content, html, type Markup } from "./markup.ts";

/** How the cells of a column are set: figures to the right, code in one width that breaks anywhere, digests unbroken. */
export type Setting = "text" | "figure" | "code" | "digest";

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly setting?: Setting;
}

/** What a table is made with besides its cells. */
export interface TableOptions {
  /** Says what the rows are. */
  readonly caption: Content;
  readonly columns: readonly Column[];
  /** Stands below where not all rows are shown. */
  readonly foot?: Content;
  /** Shapes of columns that the style sheet knows. */
  readonly shape?: string;
}

/** A table with a caption, heads of columns and, in its first column, heads of rows. */
export function table(
  { caption, columns, foot, shape = "" }: TableOptions,
  rows: readonly (readonly Content[])[],
): Markup {
  // Short heads stay whole, unless there are so many that they could be wider than paper.
  const isShort = (title: string) => title.length <= 14 && columns.length <= 8;
  return html`
    <table class="${shape}">
      <caption>${caption}</caption>
      <thead>
        <tr>${columns.map(({ title, setting }) =>
          html`<th scope="col" class="${setting ?? "text"}${isShort(title) ? " short" : ""}">${title}</th>`
        )}</tr>
      </thead>
      <tbody>
        ${rows.map((row) =>
          html`<tr>${row.map((cell, i) => cellOf(cell, i, columns[i]?.setting ?? "text"))}</tr>`
        )}
      </tbody>
    </table>
    ${foot === undefined ? null : html`<p class="quiet">${foot}</p>`}
  `;
}

function cellOf(content: Content, place: number, setting: Setting): Markup {
  const cell = isBlank(content) ? NONE : content;
  return place === 0
    ? html`<th scope="row" class="${setting}">${cell}</th>`
    : html`<td class="${setting}">${cell}</td>`;
}

/** True where there is nothing to see: a cell without text is none to who reads a PDF by its structure. */
function isBlank(content: Content): boolean {
  return typeof content === "number"
    ? false
    : html`${content}`.toString().replace(/<[^>]*>/g, "").trim() === "";
}

/** What stands where there is nothing. */
export const NONE = html`<span class="none">–</span>`;

/** Facts by name: a list of terms and what they are. Absent ones are left out. */
export function facts(entries: readonly (readonly [name: string, value: Content])[]): Markup {
  return html`
    <dl>${entries.filter(([, value]) => value !== null).map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )}
    </dl>
  `;
}
