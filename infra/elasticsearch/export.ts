import { parseQuery, type Visibility } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import { type Columns, columnsOf, type ColumnValue } from "./columns.ts";
import { compileQuery } from "./compile.ts";
import { cardOf } from "./hit.ts";
import { KEEP_POINT } from "./point.ts";
import type { ExportRequest, Reports, Searched, SearchExport } from "./repositories.ts";
import { ask, type SearchSource, totalOf } from "./search.ts";
import { sortOf } from "./sort.ts";

/** Hits asked for at once; fewer where each one's report is read, which may hold a megabyte. */
const PORTION = 1000;
const PORTION_OF_REPORTS = 50;

/** Exports of searches in that source. */
export function createExport(
  source: SearchSource,
  reports: Pick<Reports, "findAll">,
): (request: ExportRequest, visibility: Visibility) => Promise<SearchExport> {
  return async (request, visibility) => {
    const context = { scope: request.scope, visibility, now: source.clock() };
    const plan = {
      columns: columnsOf(request.columns),
      query: compileQuery(parseQuery(request.q, request.mode), context),
      sort: request.sort === undefined
        // The order in which they are kept: the only one that doesn't look at all hits for each portion.
        ? [{ _shard_doc: "asc" as const }]
        : sortOf(request.sort, request.scope, visibility),
    };
    let total = 0;
    const rows = rowsOf(source, reports, request, visibility, plan, (counted) => total = counted);
    // The first portion is asked for here, so that what can't be answered fails here.
    await rows.next();
    return { total, rows };
  };
}

interface Plan extends Required<Pick<estypes.SearchRequest, "query" | "sort">> {
  readonly columns: Columns;
}

/** Portions of rows, an empty one first, when the number of hits is known. */
async function* rowsOf(
  source: SearchSource,
  reports: Pick<Reports, "findAll">,
  request: ExportRequest,
  visibility: Visibility,
  { query, sort, columns }: Plan,
  onTotal: (total: number) => void,
): AsyncGenerator<readonly (readonly ColumnValue[])[]> {
  const most = columns.needReports ? PORTION_OF_REPORTS : PORTION;
  let left = request.limit ?? Infinity;
  let after: estypes.SortResults | undefined;
  let point = await source.points.open(source.aliases[request.scope], request.signal);
  try {
    while (left > 0) {
      const size = Math.min(most, left);
      const found = await ask(source, request as Searched, {
        pit: { id: point, keep_alive: KEEP_POINT },
        query,
        sort,
        size,
        track_total_hits: after === undefined,
        stored_fields: ["hit"],
        ...(after === undefined ? {} : { search_after: after }),
      });
      point = found.pit_id ?? point;
      if (after === undefined) {
        onTotal(totalOf(found.hits.total).value);
        yield [];
      }
      const cards = found.hits.hits.map((hit) => cardOf(hit, request.scope, visibility));
      const byId = columns.needReports
        ? await reports.findAll(cards.map((card) => card.reportId), visibility)
        : null;
      yield cards.map((card) => columns.read(card, byId?.get(card.reportId)));
      left -= cards.length;
      if (cards.length < size) return;
      after = found.hits.hits.at(-1)!.sort!;
    }
  } finally {
    source.points.drop(point);
  }
}
