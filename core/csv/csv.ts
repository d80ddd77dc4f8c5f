/** What spreadsheets begin a formula with (OWASP, "CSV Injection"), also behind spaces and as wide forms. */
const FORMULA = /^\s*['=+\-@|＝＋－＠]/;

/**
 * A line of CSV (RFC 4180) with its end. A text that a spreadsheet would take for a formula, or that starts with `'`,
 * gets one `'` in front; numbers are no text.
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | boolean | null): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
