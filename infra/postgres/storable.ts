/**
 * Text as PostgreSQL can keep it: without U+0000, which neither its text nor its JSON has, and without half surrogate
 * pairs. Both become U+FFFD. Names, reasons and notes are hostile, and one such character must not fail a transaction.
 */
export function storable<T extends string | null>(text: T): T {
  return (text === null ? null : text.toWellFormed().replaceAll("\0", "\uFFFD")) as T;
}

/** The same for everything in a JSON value, keys included. */
export function storableJson<T>(value: T): T {
  if (typeof value === "string") return storable(value) as T;
  if (Array.isArray(value)) return value.map(storableJson) as T;
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storable(key), storableJson(inner)]),
  ) as T;
}
