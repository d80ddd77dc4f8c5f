/**
 * The API's process: `api/main.ts --config FILE [--supervised]`. Reads the resolved configuration, brings the database
 * and the indices to this version, listens, and prints `{"ready":true,"url":…}`. Ends on SIGTERM once what it has begun
 * is answered, event streams apart, which it closes.
 *
 * Permissions: net to its own address and the servers'; read the configuration, the supervisor's status file, samples,
 * `ui/dist` and `node_modules`; write samples; sys osRelease. It runs no program and reads no environment.
 */
import {
  configureLog,
  connectElasticsearch,
  connectImportReader,
  connectPostgres,
  connectReportExports,
  createAudit,
  createCollections,
  createExportFiles,
  createHunts,
  createImports,
  createJobs,
  createKeys,
  createKnownHashes,
  createLegalHolds,
  createModules,
  createNotes,
  createNotifications,
  createPartners,
  createPublications,
  createQueue,
  createRelatives,
  createSampleLists,
  createSamples,
  createSampleStore,
  createSampleTags,
  createSavedSearches,
  createSubmissions,
  createTasks,
  migrate,
  readConfigFile,
  samplesPath,
  shutdownSignal,
} from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createApi } from "./app/create.ts";
import { settingsOf, urlOf } from "./app/settings.ts";
import { readAssets } from "./assets/assets.ts";
import { checkProcesses } from "./health/checks.ts";
import { readDocs } from "./openapi/docs.ts";
import { ProblemError } from "./problem/problem.ts";

/** Milliseconds after the signal when uploads are given up, and when the process ends whatever goes on. */
const GRACE = { uploads: 3000, all: 5000 };

const { values } = parseArgs({ options: { config: { type: "string" }, supervised: { type: "boolean" } } });
if (values.config === undefined) throw new TypeError("Cannot start: expected '--config FILE'");
const config = await readConfigFile(values.config);
const { postgres, nats, elasticsearch, reports } = config;
if (postgres.url === null || nats.url === null || elasticsearch.url === null) {
  throw new TypeError(
    "Cannot start: expected the URLs of PostgreSQL, NATS and Elasticsearch in the configuration",
  );
}
if (reports.url === null || reports.secret === null) {
  throw new TypeError(
    "Cannot start: expected the URL of the reports process and its secret in the configuration",
  );
}

const stopping = shutdownSignal({ supervised: values.supervised ?? false });
const stopped = new AbortController();
await configureLog(config.log.level);
const log = getLogger(["assay", "api"]);
const sql = connectPostgres({ url: postgres.url, name: "api" });
await migrate(sql);
const keys = createKeys(sql);
if (config.adminKey !== null) await keys.ensure(config.adminKey, "admin");
const es = connectElasticsearch({
  url: elasticsearch.url,
  apiKey: elasticsearch.apiKey ?? undefined,
  prefix: elasticsearch.indexPrefix,
});
for (const outdated of await es.search.prepare()) log.warn("{outdated}", { outdated });
const queue = createQueue({ url: nats.url, prefix: nats.prefix, name: "assay api" });
const samples = await createSampleStore({ ...config.samples, path: samplesPath(config) });
const modules = createModules(sql);
const reportExports = connectReportExports({ url: reports.url, secret: reports.secret });

const app = createApi({
  submissions: createSubmissions(sql),
  tasks: createTasks(sql),
  keys,
  audit: createAudit(sql),
  sampleFacts: createSamples(sql),
  samples,
  reports: es.reports,
  reportExports,
  search: es.search,
  numbers: es.numbers,
  relatives: createRelatives(sql),
  pivots: es.pivots,
  queue,
  jobs: createJobs(sql),
  exports: await createExportFiles({ ...config.samples, path: samplesPath(config) }),
  knownHashes: createKnownHashes(sql),
  imports: createImports(sql),
  partners: createPartners(sql),
  importReader: connectImportReader({ url: reports.url, secret: reports.secret }),
  legalHolds: createLegalHolds(sql),
  notes: createNotes(sql),
  sampleTags: createSampleTags(sql),
  lists: createSampleLists(sql),
  searches: createSavedSearches(sql),
  hunts: createHunts(sql),
  notifications: createNotifications(sql),
  publications: createPublications(sql),
  collections: createCollections(sql),
  modules: () => modules.list(),
  checks: {
    postgres: async () => void await sql`select 1`,
    elasticsearch: () => es.search.ping(),
    nats: () => queue.ping(),
    samples: () => samples.check(),
    reports: () => reportExports.ping(),
    processes: () => checkProcesses(join(config.data, "run")),
  },
  page: await readAssets(join(import.meta.dirname!, "../ui/dist")),
  docs: await readDocs(),
  settings: settingsOf(config),
  now: () => new Date(),
  log,
  stopping,
  stopped: stopped.signal,
});

const server = Deno.serve({
  hostname: config.api.host,
  port: config.api.port,
  onListen: ({ hostname, port }) => {
    const url = config.api.publicUrl ?? urlOf({ host: hostname, port });
    console.log(JSON.stringify({ ready: true, url }));
  },
}, (request, info) => app.fetch(request, { remoteAddr: info.remoteAddr }));

stopping.addEventListener("abort", async () => {
  const stop = new ProblemError("stopping", "Cannot go on: the server stops", {
    headers: { "retry-after": "10" },
  });
  setTimeout(() => stopped.abort(stop), GRACE.uploads);
  setTimeout(() => Deno.exit(0), GRACE.all);
  await server.shutdown();
  await Promise.allSettled([sql.end(), es.close(), queue.close()]);
  Deno.exit(0);
}, { once: true });
