import {
  canSee,
  EVERYTHING,
  parseQuery,
  printQuery,
  type Query,
  QueryError,
  type Visibility,
} from "@assay/core";
import { type Client, errors, type estypes } from "@elastic/elasticsearch";
import { compileQuery } from "./compile.ts";
import { readCursor, searchDigest, writeCursor } from "./cursor.ts";
import type { HitCard } from "./document.ts";
import { highlightOf, highlightsOf } from "./highlight.ts";
import type { Search, SearchHit, SearchRequest, SearchResult } from "./repositories.ts";
import { sortOf } from "./sort.ts";
import type { Scope } from "./storage.ts";
import { reach, SearchTimeoutError, SearchUnavailableError } from "./unavailable.ts";

/** Totals are exact up to here. */
export const EXACT_TOTAL = 10_000;
/** The largest page. */
export const MAX_PAGE = 200;

/** How searches run. */
export interface SearchSettings {
  /** Milliseconds a search may take in Elasticsearch. */
  readonly timeout: number;
  readonly clock: () => number;
}

/** Searches over these aliases. */
export function createSearch(
  client: Client,
  aliases: Readonly<Record<Scope, string>>,
  settings: SearchSettings,
): Pick<Search, "search" | "check"> {
  return {
    check({ q, scope, sort }) {
      compileQuery(parseQuery(q), { scope, visibility: EVERYTHING, now: settings.clock() });
      sortOf(sort ?? "-seen", scope, EVERYTHING);
    },

    async search(request, visibility) {
      const query = parseQuery(request.q);
      const size = Math.max(1, Math.min(request.size, MAX_PAGE));
      const sortName = request.sort ?? "-seen";
      const sort = sortOf(sortName, request.scope, visibility);
      const digest = searchDigest([printQuery(query), request.scope, sortName, visibility]);
      const after = request.cursor === undefined
        ? undefined
        : readCursor(request.cursor, digest, sort.length);
      const context = { scope: request.scope, visibility, now: settings.clock() };
      const found = await answer(() =>
        client.search({
          index: aliases[request.scope],
          query: compileQuery(query, context),
          sort,
          ...(after === undefined ? {} : { search_after: after }),
          // One more tells whether there is a next page.
          size: size + 1,
          track_total_hits: EXACT_TOTAL,
          timeout: `${settings.timeout}ms`,
          _source: false,
          stored_fields: ["hit"],
          ...(usesWords(query) ? { highlight: highlightOf(request.scope) } : {}),
        }, {
          requestTimeout: settings.timeout + 2000,
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        }), request);
      if (found.timed_out) throw new SearchTimeoutError(`Cannot search within ${settings.timeout} ms`);
      const hits = found.hits.hits;
      const last = hits.length > size ? hits[size - 1] : undefined;
      return {
        total: totalOf(found.hits.total),
        items: hits.slice(0, size).map((hit) => hitOf(hit, visibility)),
        cursor: last?.sort === undefined ? null : writeCursor(digest, last.sort),
      };
    },
  };
}

/** The answer to a search, its failures told apart. */
async function answer<T>(ask: () => Promise<T>, request: SearchRequest): Promise<T> {
  try {
    return await reach("search", ask, request.signal);
  } catch (error) {
    if (error instanceof SearchUnavailableError && error.cause instanceof errors.TimeoutError) {
      throw new SearchTimeoutError("Cannot search in time", { cause: error.cause });
    }
    if (error instanceof errors.ResponseError && /clauses|TooComplex/.test(error.message)) {
      throw new QueryError({ start: 0, end: request.q.length }, "a simpler query", request.q);
    }
    throw error;
  }
}

/** True where words are looked for, which are worth showing in their place. */
function usesWords(query: Query): boolean {
  switch (query.type) {
    case "all":
      return false;
    case "and":
    case "or":
      return query.of.some(usesWords);
    case "not":
      return false;
    case "clause":
      return query.match.type === "equals" || query.match.type === "pattern";
  }
}

function totalOf(total: estypes.SearchHitsMetadata["total"]): SearchResult["total"] {
  if (total === undefined || typeof total === "number") return { value: total ?? 0, exact: true };
  return { value: total.value, exact: total.relation === "eq" };
}

function hitOf(hit: estypes.SearchHit<unknown>, visibility: Visibility): SearchHit {
  const card = JSON.parse((hit.fields as { hit: [string] }).hit[0]) as HitCard;
  const { submissions, annotations, tags, ...rest } = card;
  const visible = submissions.filter((submission) => canSee(visibility, submission));
  const annotated = (annotations ?? []).filter((annotation) => canSee(visibility, annotation));
  const newest = visible[0]!;
  return {
    ...rest,
    name: visible.find((submission) => submission.name !== null)?.name ?? null,
    tags: [...new Set([...tags, ...[...visible, ...annotated].flatMap((one) => one.tags)])],
    seen: newest.seen,
    reportId: newest.reportId,
    highlights: highlightsOf(hit.highlight),
  };
}
