import { ExportFormat, exportForms, type ExportOption, Sha256, TaskId } from "@assay/core";

/** What the command line says of an export. */
export interface AskedExport {
  readonly format?: string | undefined;
  readonly profile?: string | undefined;
  readonly defang?: string | undefined;
  readonly sections?: string | undefined;
}

/**
 * The route that gives the export, and whether it is no text.
 * @throws {TypeError} with what to write instead
 */
export function exportPath(
  positionals: readonly string[],
  asked: AskedExport,
): { readonly path: string; readonly binary: boolean } {
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0) {
    throw new TypeError("Cannot export: expected one report's id or one sample's SHA-256");
  }
  const formats = Object.keys(exportForms).join(", ");
  if (asked.format === undefined) {
    throw new TypeError(`Cannot export: expected --format with one of ${formats}`);
  }
  const { data: format } = ExportFormat.safeParse(asked.format);
  if (format === undefined) {
    throw new TypeError(`Cannot export as '${asked.format}': expected one of ${formats}`);
  }
  const takes: readonly ExportOption[] = exportForms[format].takes;
  const query = new URLSearchParams();
  for (const name of ["profile", "defang", "sections"] as const) {
    const value = asked[name];
    if (value === undefined) continue;
    if (!takes.includes(name)) {
      throw new TypeError(`Cannot export: format '${format}' doesn't take --${name}`);
    }
    query.set(name, value);
  }
  const end = `/export/${format}${query.size === 0 ? "" : `?${query}`}`;
  return { path: `/api/v1/${placeOf(what)}${end}`, binary: !exportForms[format].text };
}

function placeOf(what: string): string {
  const report = TaskId.safeParse(what.toUpperCase());
  if (report.success) return `reports/${report.data}`;
  const sample = Sha256.safeParse(what.toLowerCase());
  if (sample.success) return `samples/${sample.data}`;
  throw new TypeError(
    `Cannot export '${what}': expected a report's id, as 'assay scan' prints it, or a SHA-256`,
  );
}
