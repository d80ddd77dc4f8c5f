/** A span of time: milliseconds since the epoch, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** A whole number, with or without a unit of size: `500kB` is 500,000, `1MiB` 1,048,576. Null for anything else. */
export function readLong(text: string): number | null {
  const parts = /^(-?\d{1,16}(?:\.\d{1,9})?)([a-z]{0,3})$/i.exec(text);
  const unit = units[parts?.[2]?.toLowerCase() ?? "none"];
  if (parts === null || unit === undefined) return null;
  const value = Number(parts[1]) * unit;
  if (unit === 1 && !Number.isInteger(value)) return null;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? Math.round(value) : null;
}

/** A decimal number. Null for anything else. */
export function readDouble(text: string): number | null {
  if (!/^-?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,2})?$/i.test(text)) return null;
  return Number(text);
}

/** `true` or `false`, `yes` or `no`. Null for anything else. */
export function readBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  return word === "true" || word === "yes" ? true : word === "false" || word === "no" ? false : null;
}

/** True for an IPv4 or IPv6 address. */
export function isIp(text: string): boolean {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(text)) return text.split(".").every((part) => Number(part) <= 255);
  return /^[0-9a-f:.]{2,45}$/i.test(text) && text.includes(":") && URL.canParse(`http://[${text}]/`);
}

/** True for a block of addresses such as `10.0.0.0/8`. */
export function isCidr(text: string): boolean {
  const parts = /^([^/]+)\/(\d{1,3})$/.exec(text);
  return parts !== null && isIp(parts[1]!) && Number(parts[2]) <= (parts[1]!.includes(":") ? 128 : 32);
}

const earliest = Date.UTC(1000, 0, 1);
const latest = Date.UTC(10_000, 0, 1);

/** True for a time counted from now, e.g. `now-7d`. */
export function isRelative(text: string): boolean {
  return text.startsWith("now");
}

/**
 * The span that a date covers: `2024`, `2024-05`, `2024-05-07`, a full RFC 3339 time, or counted from now
 * (`now-7d`, `now-1M/M`; units s m h d w M y, `/` rounds down). All in UTC. Null for anything else.
 */
export function readDate(text: string, now: number): Span | null {
  const span = isRelative(text) ? readRelative(text, now) : readAbsolute(text);
  return span !== null && span.from >= earliest && span.to <= latest ? span : null;
}

function readAbsolute(text: string): Span | null {
  const day = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text);
  if (day !== null) {
    const [year, month, date] = [Number(day[1]), Number(day[2] ?? 1), Number(day[3] ?? 1)];
    const from = new Date(Date.UTC(year, month - 1, date));
    if (from.getUTCMonth() !== month - 1 || from.getUTCDate() !== date || year < 1000) return null;
    return { from: from.getTime(), to: move(from.getTime(), 1, day[3] ? "d" : day[2] ? "M" : "y") };
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/.test(text)) return null;
  const from = Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(from) ? null : { from, to: from + (text.includes(".") ? 1 : 1000) };
}

function readRelative(text: string, now: number): Span | null {
  const parts = /^now((?:[+-]\d{1,5}[smhdwMy]){0,5})(?:\/([smhdwMy]))?$/.exec(text);
  if (parts === null) return null;
  let at = now;
  for (const [, sign, count, unit] of parts[1]!.matchAll(/([+-])(\d+)([smhdwMy])/g)) {
    at = move(at, Number(count) * (sign === "-" ? -1 : 1), unit!);
  }
  if (Number.isNaN(at)) return null;
  if (parts[2] === undefined) return { from: at, to: at + 1 };
  const from = floor(at, parts[2]);
  return { from, to: move(from, 1, parts[2]) };
}

const lengths: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

function move(at: number, count: number, unit: string): number {
  const length = lengths[unit];
  if (length !== undefined) return at + count * length;
  const date = new Date(at);
  return unit === "M"
    ? date.setUTCMonth(date.getUTCMonth() + count)
    : date.setUTCFullYear(date.getUTCFullYear() + count);
}

function floor(at: number, unit: string): number {
  const date = new Date(at);
  if (unit === "y") return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (unit === "M") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  // Weeks begin on Monday; the epoch was a Thursday.
  const shift = unit === "w" ? 3 * lengths["d"]! : 0;
  const length = lengths[unit]!;
  return Math.floor((at + shift) / length) * length - shift;
}
