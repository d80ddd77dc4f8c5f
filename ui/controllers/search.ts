import type { SearchTerms } from "@assay/core";
import type { Client } from "./client.ts";

/** What is shown of a hit. */
export interface SearchHit {
  readonly sha256: string;
  readonly name: string | null;
  readonly size: number;
  readonly fileType: string;
  readonly mime: string;
  readonly verdict: string;
  readonly score: number;
  readonly tags: readonly string[];
  readonly seen: string;
  readonly reportId: string;
  /** Where it matched; matches within fragments are between U+E000 and U+E001. */
  readonly matches: readonly SearchMatch[];
}

/** A field that matched, and the modules that found its values. */
export interface SearchMatch {
  readonly field: string;
  readonly modules: readonly string[];
  readonly fragments: readonly string[];
}

/** A page of hits. */
export interface SearchAnswer {
  readonly total: { readonly value: number; readonly exact: boolean };
  readonly items: readonly SearchHit[];
  readonly cursor: string | null;
}

/** A value with its documents, and what to add to a query to keep or to leave them out. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
  readonly include: string;
  readonly exclude: string;
}

/** A page of a list. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

/** Queries that are longer go in a body: an address has no room for them. */
const MAX_ADDRESS = 1500;

type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Asks something about the result of a search. @throws {Problem} with what to do */
export async function ask<T>(
  client: Client,
  path: string,
  { q, scope, mode }: SearchTerms,
  given: Parameters,
  signal: AbortSignal,
): Promise<T> {
  const parameters = Object.fromEntries(
    Object.entries({ q, scope, mode, ...given }).filter(([, value]) => value !== undefined),
  ) as Record<string, string | number | readonly string[]>;
  if (q.length > MAX_ADDRESS) {
    const headers = { "content-type": "application/json" };
    return await client.json<T>(path, { method: "POST", headers, body: JSON.stringify(parameters), signal });
  }
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [name, String(value)]),
  );
  return await client.json<T>(`${path}?${query}`, { signal });
}

/** Sends JSON. @throws {Problem} with what to do */
export async function sendJson<T>(
  client: Client,
  method: "POST" | "PUT",
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const headers = { "content-type": "application/json" };
  return await client.json<T>(path, { method, headers, body: JSON.stringify(body), ...signal && { signal } });
}

/** What a failure says to people. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
