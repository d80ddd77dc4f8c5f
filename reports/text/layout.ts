import { pad, widthOf, wrap } from "./width.ts";

/** Columns of a line at most. */
export const COLUMNS = 100;

/** Lines with spaces in front. */
export function indent(lines: readonly string[], by = 2): string[] {
  return lines.map((line) => line === "" ? "" : " ".repeat(by) + line);
}

/** `Label     value`, the value wrapped under itself, inside a section. */
export function entry(label: string, value: string, labelWidth = 14): string[] {
  return wrap(value, COLUMNS - 2 - labelWidth).map((line, i) => pad(i === 0 ? label : "", labelWidth) + line);
}

/** A table: columns as wide as they need, the widest narrowed until all fit, cells wrapped inside. Digests stay whole if they can. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  width = COLUMNS - 2,
): string[] {
  const cells = columns.map((title, i) => [title, ...rows.map((row) => row[i] ?? "")]);
  const widths = fit(
    cells.map((column) => Math.max(1, ...column.map(widthOf))),
    cells.map((column) => Math.max(1, ...column.map((cell) => DIGEST.test(cell) ? cell.length : 1))),
    width - 2 * (columns.length - 1),
  );
  const line = (row: readonly string[]) => {
    const wrapped = widths.map((wide, i) => wrap(row[i] ?? "", wide));
    const height = Math.max(1, ...wrapped.map((lines) => lines.length));
    return Array.from(
      { length: height },
      (_, y) => wrapped.map((lines, i) => pad(lines[y] ?? "", widths[i]!)).join("  ").trimEnd(),
    );
  };
  return [...line(columns), ...line(widths.map((wide) => "-".repeat(wide))), ...rows.flatMap(line)];
}

const DIGEST = /^[0-9a-f]{32,64}$/i;

/** Narrows the widest columns until all fit, each down to its least width while others have room to give. */
function fit(needed: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...needed];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const floors = sum(least) <= room ? least : widths.map(() => 1);
  for (let over = sum(widths) - room; over > 0; over--) {
    const spare = widths.map((wide, i) => wide > floors[i]! ? wide : 0);
    const widest = Math.max(...spare);
    if (widest === 0) break;
    widths[spare.indexOf(widest)]!--;
  }
  return widths;
}
