import type { Cell, ReportModel, Table } from "../model/model.ts";
import { COLUMNS, entry, table } from "./layout.ts";
import type { Safe } from "./render.ts";
import { wrap } from "./width.ts";

/** Rows of a table and values of a field shown at most: text is for reading, and the JSON export has all. */
const MOST_ROWS = 100;
const MOST_VALUES = 20;

/** What the file is. */
export function identificationLines(model: ReportModel, safe: Safe): string[] {
  const { md5, sha1, sha256, sha512, ssdeep, tlsh } = model.digests;
  const digest = (label: string, value: string | undefined) => value === undefined ? [] : entry(label, value);
  return [
    ...entry("Type", safe(`${model.fileType} (${model.mime})`)),
    ...(model.magic === null ? [] : entry("Magic", safe(model.magic))),
    ...entry("Size", `${model.size.toLocaleString("en")} bytes`),
    ...digest("MD5", md5),
    ...digest("SHA-1", sha1),
    ...digest("SHA-256", sha256),
    // The only digest that is longer than a line.
    ...digest("SHA-512", sha512 && `${sha512.slice(0, 64)}\n${sha512.slice(64)}`),
    ...digest("ssdeep", ssdeep),
    ...digest("TLSH", tlsh),
    ...(model.tags.length === 0 ? [] : entry("Tags", safe(model.tags.join(", ")))),
  ].map((line) => line.trimEnd());
}

/** Fields and tables of modules: of sandboxes, or of all others. */
export function factLines(model: ReportModel, safe: Safe, dynamic: boolean): string[] {
  const sandboxes = new Set(
    model.engines.filter(({ category }) => category === "sandbox").map(({ name }) => name),
  );
  const tables = model.tables.filter(({ module }) => sandboxes.has(module) === dynamic);
  const fields = dynamic ? [] : model.properties.map(({ field, values }) => {
    const shown = values.slice(0, MOST_VALUES).map((value) => safe(String(value))).join(", ");
    return [
      field,
      values.length > MOST_VALUES ? `${shown} … ${MOST_VALUES} of ${values.length} shown` : shown,
    ];
  });
  return [
    ...(fields.length === 0 ? [] : table(["Field", "Values"], fields)),
    ...tables.flatMap((one, i) => [...(i + fields.length === 0 ? [] : [""]), ...tableLines(one, safe)]),
  ];
}

function tableLines({ module, title, columns, rows, total }: Table, safe: Safe): string[] {
  const cell = (value: Cell) => value === null ? "" : safe(String(value));
  const kept = rows.slice(0, MOST_ROWS);
  return [
    ...wrap(`${safe(title)} (${module})`, COLUMNS - 2),
    ...table(columns.map(safe), kept.map((row) => row.map(cell))),
    ...(total > kept.length ? [`${kept.length} of ${total} rows shown`] : []),
  ];
}

/** Where the file comes from and what came out of it. */
export function relatedLines({ parent, children }: ReportModel, safe: Safe): string[] {
  return [
    ...(parent === null ? [] : entry("Came out of", parent.sha256)),
    ...children.flatMap(({ sha256, name, size, dropped }) => [
      ...entry(dropped ? "Dropped" : "Holds", sha256),
      ...entry("", `${safe(name)}, ${size.toLocaleString("en")} bytes`),
    ]),
  ];
}
