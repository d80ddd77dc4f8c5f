import type { Timestamp } from "@assay/core";
import type { CollectionRequest, VersionWanted } from "@assay/infra";
import { ProblemError } from "../problem/problem.ts";

/** Objects of a page at most, and where no limit is asked for. */
export const MAX_LIMIT = 1000;

/** Values of a filter, and characters of each. */
const MAX_VALUES = 100;
const MAX_VALUE_LENGTH = 300;
const MAX_NEXT_LENGTH = 2000;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const MATCHES = ["id", "type", "version", "spec_version"] as const;

/** Reads what a client wants of a collection (TAXII 2.1, 3.4 and 3.5). @throws {ProblemError} that names what is wrong */
export function readFilter(url: string): CollectionRequest {
  const query = new URL(url).searchParams;
  for (const name of query.keys()) {
    const field = /^match\[(.*)\]$/s.exec(name)?.[1];
    if (field !== undefined && !MATCHES.some((known) => known === field)) {
      throw refused(
        name,
        `expected one of ${MATCHES.map((one) => `'match[${one}]'`).join(", ")}`,
        field.slice(0, 50),
      );
    }
  }
  const cursor = only(query, "next");
  if (cursor !== undefined && (cursor === "" || cursor.length > MAX_NEXT_LENGTH)) {
    throw new ProblemError("invalid-cursor", "Cannot read 'next': expected one that this collection gave");
  }
  return {
    addedAfter: timeOf(query, "added_after"),
    ids: valuesOf(query, "match[id]"),
    types: valuesOf(query, "match[type]"),
    specVersions: valuesOf(query, "match[spec_version]"),
    versions: valuesOf(query, "match[version]").map(versionOf),
    limit: limitOf(query),
    cursor,
  };
}

function limitOf(query: URLSearchParams): number {
  const text = only(query, "limit");
  if (text === undefined) return MAX_LIMIT;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw refused("limit", "expected a whole number of 1 or more", text);
  return Math.min(Number(text), MAX_LIMIT);
}

function valuesOf(query: URLSearchParams, name: string): string[] {
  const text = only(query, name);
  if (text === undefined) return [];
  const values = text.split(",");
  const isBad = (value: string) => value === "" || value.length > MAX_VALUE_LENGTH || value.includes("\0");
  if (values.length > MAX_VALUES || values.some(isBad)) {
    throw refused(
      name,
      `expected 1 to ${MAX_VALUES} values of 1 to ${MAX_VALUE_LENGTH} characters, parted by ','`,
      text,
    );
  }
  return values;
}

function versionOf(text: string): VersionWanted {
  if (text === "first" || text === "last" || text === "all" || isTime(text)) return text;
  throw refused("match[version]", "expected 'first', 'last', 'all' or times in UTC", text);
}

function timeOf(query: URLSearchParams, name: string): Timestamp | undefined {
  const text = only(query, name);
  if (text === undefined || isTime(text)) return text;
  throw refused(name, "expected a time in UTC like '2026-11-24T10:00:00.123456Z'", text);
}

function isTime(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}

function only(query: URLSearchParams, name: string): string | undefined {
  const all = query.getAll(name);
  if (all.length > 1) throw refused(name, "expected it once", `${all.length} times`);
  return all[0];
}

function refused(name: string, expected: string, got: string): ProblemError {
  return new ProblemError(
    "invalid-request",
    `Cannot read '${name.slice(0, 60)}': ${expected}, got '${got.slice(0, 60)}'`,
    { extra: { errors: [{ field: name.slice(0, 60), message: expected }] } },
  );
}
