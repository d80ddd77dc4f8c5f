/** Sample text for a screen: controls, bidi marks and other invisible characters as `\u{…}`, so that they show and do nothing. */
export function showText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

/** The same for text of several lines: line breaks stay. */
export function showLines(text: string): string {
  return text.split(/\r?\n/).map(showText).join("\n");
}

/** True for fields and kinds whose values a program might take for a link. */
export function isLive(field: string): boolean {
  return field === "url" || field === "domain" || field === "ip" || field === "email";
}

/** An indicator made harmless for people: `hxxp[:]//`, `[.]`, `[@]`. */
export function defang(value: string): string {
  return value
    .replace(/^(h)tt(ps?):\/\//i, "$1xx$2[:]//")
    .replace(/^(ftp):\/\//i, "$1[:]//")
    .replace(/\./g, "[.]")
    .replace(/@/g, "[@]");
}

/** A field's value for a screen: addresses defanged, and what would hide shown. */
export function showValue(field: string, value: string): string {
  return showText(isLive(field) ? defang(value) : value);
}

/** Bytes for people, in powers of 1,000 as in queries: `512 B`, `1.5 kB`. */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 999.95 && unit < units.length - 1; unit++) value /= 1000;
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** A duration for people: `12 ms`, `3.4 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return milliseconds === 0 ? "0 ms" : "< 1 ms";
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** An instant in UTC, to the second: `2026-11-24 10:00:00 UTC`. */
export function formatTime(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 19)} UTC`;
}
