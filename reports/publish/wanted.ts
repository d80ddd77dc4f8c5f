import { isWithin, type Sha256, type TaskId } from "@assay/core";
import type { DueSample, MatchRequest, PublishedCollection, PublishedSearch, Search } from "@assay/infra";
import { getLogger } from "@logtape/logtape";

/** Which reports of samples each collection must hold. */
export interface Wanted {
  /** Collections whose searches could not be asked. */
  readonly missed: readonly string[];
  /** Where the collection's search could not be asked or has ended, those of its reports that are still there. */
  of(sample: DueSample, collection: PublishedCollection): ReadonlySet<TaskId>;
}

/** Documents that one search is asked about at once. */
const AT_ONCE = 500;
const log = getLogger(["assay", "reports", "publish"]);

/** Looks at these samples with every level, and with every published search in a few requests. @throws where Elasticsearch is away */
export async function findWanted(
  samples: readonly DueSample[],
  collections: readonly PublishedCollection[],
  search: Pick<Search, "match">,
): Promise<Wanted> {
  const searches = collections.flatMap((one) =>
    one.search === null || one.search.stopped ? [] : [{ ...one, search: one.search }]
  );
  const found = new Map<string, Set<TaskId> | null>(searches.map(({ id }) => [id, new Set()]));
  const requests = searches.flatMap((collection) =>
    portions(idsFor(collection.search, samples)).map((ids) => ({
      collection,
      request: requestOf(collection, ids),
    }))
  );
  const answers = requests.length === 0 ? [] : await search.match(requests.map(({ request }) => request));
  for (const [at, answer] of answers.entries()) {
    const { id } = requests[at]!.collection;
    if (answer instanceof Error) {
      log.warn("Collection '{id}' stays as it is: {error}", { id, error: answer.message });
      found.set(id, null);
    } else for (const { reportId } of answer) found.get(id)?.add(reportId);
  }
  return {
    missed: [...found].flatMap(([id, hits]) => hits === null ? id : []),
    of({ reports, held }, { id, tlp, search }) {
      const visible = reports.filter((report) => isWithin(report.tlp, tlp)).map((report) => report.id);
      if (search === null) return new Set(visible);
      const kept = () => new Set(held.filter((one) => one.collection === id).map(({ reportId }) => reportId));
      const hits = found.get(id) ?? kept();
      return new Set(visible.filter((report) => hits.has(report)));
    },
  };
}

function idsFor({ scope }: PublishedSearch, samples: readonly DueSample[]): (Sha256 | TaskId)[] {
  return scope === "samples"
    ? samples.map(({ sha256 }) => sha256)
    : samples.flatMap(({ reports }) => reports.map(({ id }) => id));
}

function requestOf(
  { tlp, search: { q, mode, scope } }: PublishedCollection & { readonly search: PublishedSearch },
  ids: readonly string[],
): MatchRequest {
  return { q, mode, scope, ids, visibility: { reader: null, maxTlp: tlp } };
}

function portions<T>(all: readonly T[]): T[][] {
  return Array.from(
    { length: Math.ceil(all.length / AT_ONCE) },
    (_, at) => all.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
}
