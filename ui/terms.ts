import {
  join,
  parseQuery,
  printQuery,
  type Query,
  QueryError,
  type SearchTerms,
  valueTexts,
  wholeClause,
} from "@assay/core";
import type { AssayPivotEvent } from "./events/events.ts";

/** Everything that the key sees, newest first. */
export const everything: SearchTerms = { q: "", scope: "samples", mode: "default", sort: null };

/** The query of a search; null where it can't be read. */
export function readTerms({ q, mode }: SearchTerms): Query | null {
  try {
    return parseQuery(q, mode);
  } catch (cause) {
    if (cause instanceof QueryError) return null;
    throw cause;
  }
}

/** Why a query can't be read, with its place; null where it can. */
export function errorOf({ q, mode }: Pick<SearchTerms, "q" | "mode">): QueryError | null {
  try {
    parseQuery(q, mode);
    return null;
  } catch (cause) {
    if (cause instanceof QueryError) return cause;
    throw cause;
  }
}

/** The conditions of a search that must all hold, each as text. */
export function partsOf(terms: SearchTerms): ReadonlySet<string> {
  return new Set(conditions(readTerms(terms)).map(printQuery));
}

/** The search with one more condition, written behind the query as it stands. */
export function addPart(terms: SearchTerms, part: string): SearchTerms {
  const query = readTerms(terms);
  if (query?.type === "all") return { ...terms, q: part, mode: modeOf(terms) };
  const exact = terms.mode === "exact" && query !== null;
  const written = exact ? printQuery(query) : terms.q.trim();
  const q = query?.type === "or" ? `(${written})` : written;
  return { ...terms, q: `${q} ${part}`, mode: modeOf(terms) };
}

/** The search without that condition; as it is where it has none such. */
export function dropPart(terms: SearchTerms, part: string): SearchTerms {
  return dropParts(terms, (query) => printQuery(query) === part);
}

function dropParts(terms: SearchTerms, isDropped: (part: Query) => boolean): SearchTerms {
  const parts = conditions(readTerms(terms));
  const kept = parts.filter((part) => !isDropped(part));
  if (kept.length === parts.length) return terms;
  return { ...terms, q: printQuery(join("and", kept)), mode: modeOf(terms) };
}

/** Adds a condition and takes its opposite away; takes the condition away where it is there. */
export function togglePart(terms: SearchTerms, part: string, opposite: string): SearchTerms {
  if (partsOf(terms).has(part)) return dropPart(terms, part);
  return addPart(dropPart(terms, opposite), part);
}

/** The search with this condition in place of other ranges of the field. */
export function setRange(terms: SearchTerms, field: string, part: string): SearchTerms {
  const rest = dropParts(
    terms,
    (query) => query.type === "clause" && query.field === field && query.match.type === "range",
  );
  return addPart(rest, part);
}

/** The search for a value alone, with it, or without it; null for a value that no query may ask for. */
export function pivotTo(
  terms: SearchTerms,
  how: AssayPivotEvent["how"],
  field: string,
  value: string,
): SearchTerms | null {
  if (wholeClause(field, value) === null) return null;
  const { include, exclude } = valueTexts(field, value);
  if (how === "find" || how === "where") return { ...terms, q: include, mode: "default" };
  const [part, opposite] = how === "add" ? [include, exclude] : [exclude, include];
  return partsOf(terms).has(part) ? terms : togglePart(terms, part, opposite);
}

function conditions(query: Query | null): readonly Query[] {
  if (query === null || query.type === "all") return [];
  return query.type === "and" ? query.of : [query];
}

/** What is added is written in the query language. */
function modeOf({ mode }: SearchTerms): SearchTerms["mode"] {
  return mode === "exact" ? "default" : mode;
}
