import { stripVTControlCharacters, styleText } from "node:util";

/** One line of the table: what became of a file. */
export interface Row {
  readonly status: string;
  readonly verdict: string | null;
  readonly score: number | null;
  readonly fileType: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly name: string;
  readonly reason: string | null;
}

/** The head of the table. */
export const tableHead = line("VERDICT", "SCORE", "TYPE", "SIZE", "SHA-256", "NAME");

/** A row as text; names are hostile, so controls and bidi marks are shown, not obeyed. */
export function formatRow(row: Row, colour: boolean): string {
  const verdict = row.status === "complete" ? row.verdict ?? "unknown" : row.status;
  const text = line(
    verdict,
    row.score === null ? "" : String(row.score),
    row.fileType ?? "",
    formatSize(row.size),
    row.sha256.slice(0, 16),
    showControls(row.name) + (row.reason ? `  (${showControls(row.reason)})` : ""),
  );
  if (!colour) return text;
  const style = { malicious: "red", failed: "red", suspicious: "yellow", benign: "green" }[verdict];
  return style ? styleText(style as "red", text, { validateStream: false }) : text;
}

/** A progress bar of 30 cells, e.g. `[#######---] 70/100 files, 61 reports, 3 failed`. */
export function formatProgress(
  at: { submitted: number; done: number; failed: number; found: number },
): string {
  const share = at.found === 0 ? 0 : at.done / at.found;
  const filled = Math.round(share * 30);
  const failed = at.failed > 0 ? `, ${at.failed} failed` : "";
  return `[${"#".repeat(filled)}${
    "-".repeat(30 - filled)
  }] ${at.submitted}/${at.found} submitted, ${at.done} done${failed}`;
}

/** Bytes for people: `512 B`, `1.5 kB`, `2.0 GB` (powers of 1,000, as in queries). */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 999.95 && unit < units.length - 1; unit++) value /= 1000;
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** Controls, bidi marks and other invisible characters as `\u{…}`. */
export function showControls(text: string): string {
  return stripVTControlCharacters(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`,
  );
}

function line(
  verdict: string,
  score: string,
  type: string,
  size: string,
  sha256: string,
  name: string,
): string {
  return `${verdict.padEnd(10)} ${score.padStart(5)}  ${type.padEnd(10)} ${size.padStart(9)}  ${
    sha256.padEnd(16)
  }  ${name}`;
}
