import { Client } from "@elastic/elasticsearch";
import { createNumbers } from "./aggregations/create.ts";
import type { SearchNumbers } from "./aggregations/numbers.ts";
import { FetchConnection } from "./fetch_connection.ts";
import { createPivots, type Pivots } from "./pivots/pivots.ts";
import { aliasOf, prepareIndex } from "./prepare.ts";
import { createProjector } from "./projector.ts";
import { createPoints } from "./point.ts";
import { createReports } from "./reports.ts";
import type { Projector, Reports, Search } from "./repositories.ts";
import { createIndices, type Indices } from "./reindex/indices.ts";
import { createIndexSnapshots, type IndexSnapshots } from "./snapshots.ts";
import { createSearch } from "./search.ts";
import { createExport } from "./export.ts";
import { reach, SearchUnavailableError } from "./unavailable.ts";
import { matchSearches } from "./match_searches.ts";
import { walkSearch } from "./walk.ts";

/** How to reach Elasticsearch. */
export interface ElasticsearchOptions {
  readonly url: string;
  /** Encoded API key, where the cluster wants one. */
  readonly apiKey?: string | undefined;
  /** PEM certificate of the authority that signed the cluster's own. */
  readonly ca?: string | undefined;
  /** Beginning of every index name; `assay` by default. */
  readonly prefix?: string | undefined;
  /** Primary shards of an index made by `prepare`; 1 by default. */
  readonly shards?: number | undefined;
  /** Milliseconds a search may take in Elasticsearch; 10,000 by default. */
  readonly searchTimeout?: number | undefined;
  /** Now in milliseconds since the epoch, for `now-7d`. */
  readonly clock?: (() => number) | undefined;
}

/** The stores that Elasticsearch holds, over one connection pool. */
export interface Elasticsearch {
  readonly reports: Reports;
  readonly projector: Projector;
  readonly search: Search;
  readonly numbers: SearchNumbers;
  readonly indices: Indices;
  readonly pivots: Pivots;
  readonly snapshots: IndexSnapshots;
  /** Resolves when nothing is under way in the background. */
  settle(): Promise<void>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Opens the stores. Nothing is sent before the first call, so a cluster that is away is no error yet. */
export function connectElasticsearch(options: ElasticsearchOptions): Elasticsearch {
  const prefix = options.prefix ?? "assay";
  if (!/^[a-z][a-z0-9-]{0,99}$/.test(prefix)) {
    throw new RangeError(
      `Cannot name indices: expected lower-case letters, digits and dashes, got '${prefix}'`,
    );
  }
  const client = new Client({
    node: options.url,
    Connection: FetchConnection,
    ...(options.apiKey === undefined ? {} : { auth: { apiKey: options.apiKey } }),
    ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
    // Writers wait and try again by themselves; readers are told at once.
    maxRetries: 0,
    requestTimeout: 30_000,
  });
  const aliases = { reports: aliasOf(prefix, "reports"), samples: aliasOf(prefix, "samples") };
  const settings = { timeout: options.searchTimeout ?? 10_000, clock: options.clock ?? Date.now };
  const points = createPoints(client);
  const source = { client, aliases, points, ...settings };
  const { search, check } = createSearch(source);
  const indexOptions = { prefix, shards: options.shards ?? 1 };
  const reports = createReports(client, aliases.reports);
  return {
    reports,
    projector: createProjector(client, aliases.reports),
    numbers: createNumbers({ client, aliases, ...settings }),
    pivots: createPivots({ client, alias: aliases.samples, ...settings }),
    search: {
      search,
      match: (requests) => matchSearches(source, requests),
      walk: (request, visibility) => walkSearch(source, request, visibility),
      check,
      export: createExport(source, reports),
      prepare: () => reach("prepare the index", () => prepareIndex(client, indexOptions)),
      ping: () =>
        reach("ping", async () => {
          const health = await client.cluster.health(
            { index: Object.values(aliases), wait_for_status: "yellow", timeout: "2s" },
            { requestTimeout: 5000 },
          );
          if (health.timed_out) {
            throw new SearchUnavailableError(
              `Cannot search: cluster '${health.cluster_name}' is ${health.status}`,
            );
          }
        }),
    },
    indices: createIndices(client, indexOptions),
    snapshots: createIndexSnapshots(client, prefix),
    settle: points.settle,
    async close() {
      await points.settle();
      await client.close();
    },
  };
}
