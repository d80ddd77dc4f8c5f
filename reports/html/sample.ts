import type { Table } from "../model/model.ts";
import { type Content, html, join, type Markup } from "./markup.ts";
import { cell, code, count, digest, type Part, quiet } from "./part.ts";
import { type Column, facts, table } from "./table.ts";

/** Rows of a table and values of a field shown at most: this is for reading, and the JSON export has all. */
const MOST_ROWS = 200;
const MOST_VALUES = 40;

const DIGEST = /^[0-9a-f]{32,64}$/i;

/** Characters of a digest and columns beside it that fit on a line. */
const LINE = 100;
const BESIDE = 10;

/** What the file is. */
export function identification({ model, safe }: Part): Content {
  const { md5, sha1, sha256, sha512, ssdeep, tlsh } = model.digests;
  const optional = (value: string | undefined) => value === undefined ? null : digest(value);
  return facts([
    ["Type", safe(`${model.fileType} (${model.mime})`)],
    ["Magic", model.magic === null ? null : safe(model.magic)],
    ["Size", `${count(model.size)} bytes`],
    ["MD5", optional(md5)],
    ["SHA-1", optional(sha1)],
    ["SHA-256", digest(sha256)],
    ["SHA-512", optional(sha512)],
    ["ssdeep", ssdeep === undefined ? null : code(ssdeep)],
    ["TLSH", optional(tlsh)],
    ["Tags", model.tags.length === 0 ? null : safe(model.tags.join(", "))],
  ]);
}

/** What modules saw without running it. */
export function staticFacts(part: Part): Content {
  const { model, safe } = part;
  const fields = model.properties.length === 0 ? null : table(
    { caption: "Searchable fields", columns: [{ title: "Field" }, { title: "Values" }], shape: "fields" },
    model.properties.map(({ field, values }) => {
      const shown = values.slice(0, MOST_VALUES).map((value) => cell(value, safe));
      const rest = values.length > MOST_VALUES ? `${MOST_VALUES} of ${count(values.length)} shown` : null;
      return [html`<code>${field}</code>`, html`<bdi dir="ltr">${join(shown, ", ")}</bdi> ${quiet(rest)}`];
    }),
  );
  return [fields, tablesOf(part, false)];
}

/** What a sandbox saw it do. */
export function dynamicFacts(part: Part): Content {
  return tablesOf(part, true);
}

function tablesOf({ model, safe }: Part, dynamic: boolean): Content {
  const sandboxes = new Set(
    model.engines.filter(({ category }) => category === "sandbox").map(({ name }) => name),
  );
  return model.tables.filter(({ module }) => sandboxes.has(module) === dynamic)
    .map((one) => moduleTable(one, safe));
}

function moduleTable({ module, title, columns, rows, total }: Table, safe: Part["safe"]): Markup {
  const kept = rows.slice(0, MOST_ROWS);
  const settings: Column[] = columns.map((name, i) => ({
    title: safe(name),
    setting: kept.every((row) => row[i] === null || row[i] === undefined || typeof row[i] === "number")
      ? "figure"
      : kept.every((row) => fits(row[i], columns.length))
      ? "digest"
      : "code",
  }));
  return table(
    {
      caption: html`${safe(title)} ${quiet(`by ${module}`)}`,
      columns: settings,
      ...(total > kept.length && { foot: `${count(kept.length)} of ${count(total)} rows shown` }),
    },
    kept.map((row) => columns.map((_, i) => cell(row[i] ?? null, safe))),
  );
}

function fits(value: unknown, columns: number): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === "string" && DIGEST.test(value) && value.length + BESIDE * (columns - 1) <= LINE;
}

/** Where the file comes from and what came out of it. */
export function related({ model: { parent, children }, safe }: Part): Content {
  const rows: Content[][] = [
    ...(parent === null ? [] : [[digest(parent.sha256), "holds this file", null, null]]),
    ...children.map(({ sha256, name, size, dropped }) => [
      digest(sha256),
      dropped ? "left by it when run" : "inside it",
      code(safe(name)),
      count(size),
    ]),
  ];
  if (rows.length === 0) return null;
  return table({
    caption: "Files that belong together",
    columns: [{ title: "SHA-256", setting: "digest" }, { title: "Which" }, { title: "Name" }, {
      title: "Bytes",
      setting: "figure",
    }],
    shape: "related",
  }, rows);
}
