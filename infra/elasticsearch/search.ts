import {
  type Clause,
  EVERYTHING,
  parseQuery,
  printQuery,
  type Query,
  QueryError,
  type Visibility,
} from "@assay/core";
import { type Client, errors, type estypes } from "@elastic/elasticsearch";
import { compileQuery } from "./compile.ts";
import { type Place, readCursor, searchDigest, writeCursor } from "./cursor.ts";
import type { Filter } from "./filter.ts";
import { type Wanted, wantedBy } from "./highlight.ts";
import { hitOf } from "./hit.ts";
import { REPORT } from "./packed.ts";
import { CursorExpiredError, isExpired, KEEP_POINT, type Points } from "./point.ts";
import type { Search, Searched, SearchRequest, SearchResult } from "./repositories.ts";
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

/** Where searches run. */
export interface SearchSource extends SearchSettings {
  readonly client: Client;
  readonly aliases: Readonly<Record<Scope, string>>;
  readonly points: Points;
}

/** Searches of that source. */
export function createSearch(source: SearchSource): Pick<Search, "search" | "check"> {
  return {
    check({ q, mode, scope, sort }) {
      compileQuery(parseQuery(q, mode), { scope, visibility: EVERYTHING, now: source.clock() });
      sortOf(sort ?? "-seen", scope, EVERYTHING);
    },

    search: (request, visibility) =>
      request.show === "count" ? count(source, request, visibility) : page(source, request, visibility),
  };
}

async function count(
  source: SearchSource,
  request: SearchRequest,
  visibility: Visibility,
): Promise<SearchResult> {
  const context = { scope: request.scope, visibility, now: source.clock() };
  const query = compileQuery(parseQuery(request.q, request.mode), context);
  const found = await ask(source, request, {
    index: source.aliases[request.scope],
    query,
    size: 0,
    track_total_hits: true,
  });
  return { total: totalOf(found.hits.total), items: [], ids: [], cursor: null };
}

async function page(
  source: SearchSource,
  request: SearchRequest,
  visibility: Visibility,
): Promise<SearchResult> {
  const query = parseQuery(request.q, request.mode);
  const wanted = request.show === "ids" ? [] : wantedBy(query);
  const size = Math.max(1, Math.min(request.size, MAX_PAGE));
  const sortName = request.sort ?? "-seen";
  const sort = sortOf(sortName, request.scope, visibility);
  const digest = searchDigest([printQuery(query), request.scope, sortName, visibility]);
  const from = request.cursor === undefined ? null : readCursor(request.cursor, digest, sort.length);
  const now = from?.now ?? source.clock();
  const filter = compileQuery(query, { scope: request.scope, visibility, now });
  // The first page is found while the point that the next ones are taken from is opened.
  const opening = from === null ? source.points.open(source.aliases[request.scope], request.signal) : null;
  opening?.catch(() => {}); // thrown below, where it is waited for
  let point = from?.point ?? opening!;
  let more = false;
  try {
    const found = await ask(source, request, {
      ...(from === null
        ? { index: source.aliases[request.scope] }
        : { pit: { id: from.point, keep_alive: KEEP_POINT } }),
      sort,
      // One more tells whether there is a next page.
      size: size + 1,
      track_total_hits: from === null ? EXACT_TOTAL : false,
      ...shown(request, wanted, filter, from),
    });
    point = found.pit_id ?? point;
    const hits = found.hits.hits;
    const last = hits.length > size ? hits[size - 1]!.sort!.slice(0, sort.length) : null;
    const total = from?.total ?? totalOf(found.hits.total);
    const shownHits = hits.slice(0, size);
    const cursor = last === null
      ? null
      : writeCursor(digest, { point: await point, now, total, after: last as Place["after"] });
    more = cursor !== null;
    return {
      total,
      items: request.show === "ids"
        ? []
        : shownHits.map((hit) => hitOf(hit, request.scope, wanted, visibility)),
      ids: request.show === "ids"
        ? shownHits.map((hit) => (hit.fields as Record<string, string[]>)[keyOf(request.scope)]![0]!)
        : [],
      cursor,
    };
  } finally {
    if (!more) source.points.drop(point);
  }
}

function shown(
  request: SearchRequest,
  wanted: readonly Wanted[],
  filter: Filter,
  from: Place | null,
): Partial<estypes.SearchRequest> {
  return {
    query: filter,
    ...(from === null ? {} : { search_after: [...from.after] }),
    ...(request.show === "ids"
      ? { docvalue_fields: [keyOf(request.scope)] }
      : { stored_fields: wanted.length === 0 ? ["hit"] : ["hit", REPORT] }),
  };
}

/** The answer to a search, its failures told apart. */
export async function ask(
  source: Pick<SearchSource, "client" | "timeout">,
  request: Searched & { readonly timeout?: number | undefined },
  body: estypes.SearchRequest,
): Promise<estypes.SearchResponse<unknown>> {
  const timeout = Math.min(request.timeout ?? source.timeout, source.timeout);
  const options = {
    requestTimeout: timeout + 2000,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
  const search = () => source.client.search({ timeout: `${timeout}ms`, _source: false, ...body }, options);
  try {
    const found = await reach("search", search, request.signal);
    if (found.timed_out) throw new SearchTimeoutError(`Cannot search within ${timeout} ms`);
    return found;
  } catch (error) {
    throw meaningOf(error, request);
  }
}

function meaningOf(error: unknown, request: Searched): unknown {
  if (error instanceof SearchUnavailableError && error.cause instanceof errors.TimeoutError) {
    return new SearchTimeoutError("Cannot search in time", { cause: error.cause });
  }
  if (isExpired(error)) {
    return new CursorExpiredError("Cannot go on: what the first page was taken from is gone", {
      cause: error,
    });
  }
  if (!(error instanceof errors.ResponseError)) return error;
  if (/clauses|too_?complex/i.test(error.message)) {
    return new QueryError({ start: 0, end: request.q.length }, "a simpler query", request.q);
  }
  const regexp = error.statusCode === 400 ? firstRegexp(parseQuery(request.q, request.mode)) : null;
  if (regexp === null) return error;
  // Which one Lucene can't read it doesn't say; mostly there is one.
  const got = request.q.slice(regexp.place.start, regexp.place.end);
  return new QueryError(regexp.place, "a regular expression as Lucene reads it", got, reasonOf(error));
}

function reasonOf(error: errors.ResponseError): string | null {
  const body = error.body as { error?: { root_cause?: { reason?: string }[] } } | undefined;
  return body?.error?.root_cause?.[0]?.reason?.split("\n")[0]?.slice(0, 200) ?? null;
}

function firstRegexp(query: Query): Clause | null {
  if (query.type === "all") return null;
  if (query.type === "clause") return query.match.type === "regexp" ? query : null;
  const of = query.type === "not" ? [query.of] : query.of;
  return of.values().map(firstRegexp).find((found) => found !== null) ?? null;
}

/** What names a hit: the sample's digest, or the report's id. */
function keyOf(scope: Scope): "sha256" | "task" {
  return scope === "samples" ? "sha256" : "task";
}

/** How many hits there are. */
export function totalOf(total: estypes.SearchHitsMetadata["total"]): SearchResult["total"] {
  if (total === undefined || typeof total === "number") return { value: total ?? 0, exact: true };
  return { value: total.value, exact: total.relation === "eq" };
}
