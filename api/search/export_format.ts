import { csvLine } from "@assay/core";
import type { ColumnValue } from "@assay/infra";

/** How an export is written. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly extension: string;
  /** True where rows alike, which follow each other, are written once. */
  readonly distinct: boolean;
  /** Before the first row. */
  head(columns: readonly string[]): string;
  row(columns: readonly string[], values: readonly ColumnValue[]): string;
  /** What tells a reader that rows are missing: a line that is no row. */
  failure(problem: { readonly code: string; readonly detail: string }): string;
}

/** The formats, by name. */
export const exportFormats = {
  ndjson: {
    mediaType: "application/x-ndjson",
    extension: "ndjson",
    distinct: false,
    head: () => "",
    row: (columns, values) =>
      `${JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, values[index]])))}\n`,
    failure: (problem) => `${JSON.stringify({ error: problem })}\n`,
  },
  csv: {
    mediaType: "text/csv; charset=utf-8; header=present",
    extension: "csv",
    distinct: false,
    head: csvLine,
    row: (_, values) => csvLine(values.map(cellOf)),
    failure: ({ code, detail }) => csvLine([`!error ${code}`, detail]),
  },
  hashes: {
    mediaType: "text/plain; charset=utf-8",
    extension: "txt",
    distinct: true,
    head: () => "",
    row: (_, [digest]) =>
      typeof digest === "string" ? `${digest}\n` : (digest as string[]).map((one) => `${one}\n`).join(""),
    failure: ({ code, detail }) => `!error ${code}: ${detail}\n`,
  },
} as const satisfies Record<string, ExportFormat>;

/** One cell holds all values of a field. */
function cellOf(value: ColumnValue): string | number | boolean | null {
  return Array.isArray(value) ? value.join("; ") : value as string | number | boolean | null;
}
