/**
 * The reports process: `reports/main.ts --config FILE [--supervised]`. Listens on the address that the configuration names, starts its
 * renderers, makes files of many reports as jobs, keeps what partners get up to date, and prints `{"ready":true}`. SIGTERM ends it within
 * 6 s, once what it has begun is given; jobs are given back.
 *
 * Permissions: net to its own address, PostgreSQL, Elasticsearch and partners; read the code, the configuration, the parts for STIX and PDF,
 * and the logo; read and write the folder of exports; run Deno for its renderers, which have less, and Chromium, which gets pages without
 * scripts and reaches nothing, with a shell that looks at its memory. See `infra/cli/up/processes.ts`.
 */
import {
  configureLog,
  connectElasticsearch,
  connectPostgres,
  createCollections,
  createKeys,
  createNotes,
  createPartners,
  createPublishing,
  createSampleTags,
  readConfigFile,
  shutdownSignal,
} from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { parseArgs } from "node:util";
import { runExports } from "./exports/run.ts";
import { createMispBundles } from "./partners/bundle.ts";
import { runPartners } from "./partners/run.ts";
import { openPress } from "./pdf/open.ts";
import { createRendererPool } from "./pool/pool.ts";
import { bundleBy } from "./publish/bundle.ts";
import { createDescriber } from "./publish/describe.ts";
import { runPublisher } from "./publish/publisher.ts";
import { openRules } from "./rules/rules.ts";
import { createExporter } from "./service/exporter.ts";
import { createGate } from "./service/gate.ts";
import { createImporter } from "./service/importer.ts";
import { readOrganisation } from "./service/organisation.ts";
import { createHandler } from "./service/serve.ts";
import { softwareDigest } from "./service/software.ts";

/** Milliseconds after the signal when the process ends whatever goes on. */
const GRACE = 5000;
/** Reports read ahead for renderers that are busy. */
const AHEAD = 2;

const { values } = parseArgs({ options: { config: { type: "string" }, supervised: { type: "boolean" } } });
if (values.config === undefined) throw new TypeError("Cannot start: expected '--config FILE'");
const config = await readConfigFile(values.config);
const { postgres, elasticsearch, reports, modules, tools, log: { level } } = config;
if (postgres.url === null || elasticsearch.url === null || reports.url === null || reports.secret === null) {
  throw new TypeError(
    "Cannot start: expected the URLs of PostgreSQL, Elasticsearch and this process, and its secret, in the configuration",
  );
}

const stopping = shutdownSignal({ supervised: values.supervised ?? false });
await configureLog(level);
const log = getLogger(["assay", "reports"]);
const sql = connectPostgres({ url: postgres.url, name: "reports", max: 8 });
const es = connectElasticsearch({
  url: elasticsearch.url,
  apiKey: elasticsearch.apiKey ?? undefined,
  prefix: elasticsearch.indexPrefix,
});
const { stixSchemas: schemas, attack: techniques } = tools;
const pool = createRendererPool({
  size: reports.renderers,
  timeout: reports.timeout,
  heapMegabytes: Math.ceil(reports.memory / 1024 / 1024),
  maxBytes: reports.maxSize,
  stix: schemas === null || techniques === null ? null : { schemas, techniques },
});
const gate = createGate(reports.renderers + AHEAD, reports.queue);
const made = {
  organisation: await readOrganisation(reports),
  rules: await openRules(reports.rules, modules["yara"]?.options ?? {}),
  software: await softwareDigest([schemas, techniques]),
};
const press = await openPress(tools, {
  pages: reports.renderers,
  timeout: reports.timeout,
  memory: reports.memory,
});
const exporter = createExporter({
  ...made,
  sources: { reports: es.reports, notes: createNotes(sql), tags: createSampleTags(sql) },
  pool,
  gate,
  sections: reports.sections,
  software: await softwareDigest([schemas, techniques, ...press.parts]),
  finishers: { pdf: press.finish },
});
const missing = await pool.opened;
if (missing !== null) {
  log.warn("Going on without STIX, and publishing nothing for partners: {missing}", { missing });
}
const published = missing !== null ? Promise.resolve() : runPublisher({
  levels: config.partners.map(({ tlp }) => tlp),
  publishing: createPublishing(sql),
  reports: es.reports,
  search: es.search,
  keys: createKeys(sql),
  describer: createDescriber({ ...made, bundle: bundleBy(pool, gate, stopping) }),
}, stopping);

const files = runExports({ config, sql, search: es.search, reports: exporter }, stopping);
// Where their folder can't be reached the supervisor tries again, as with everything that this process needs.
files.catch((cause) => {
  log.fatal("Cannot make files of reports: {cause}", { cause });
  Deno.exit(1);
});

const partners = createPartners(sql);
const pushing = runPartners(config.partners, {
  partners,
  collections: createCollections(sql),
  holder: crypto.randomUUID(),
  now: () => new Date(),
  bundleOf: createMispBundles({ partners, reports: exporter }),
}, stopping);

const { hostname, port } = new URL(reports.url);
const server = Deno.serve({
  hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
  port: Number(port || 80),
  onListen: () => console.log(JSON.stringify({ ready: true })),
}, createHandler(exporter, createImporter({ pool, gate, now: () => new Date() }), reports.secret));

// A process whose renderers can't be started is started anew by the supervisor, which tells so.
pool.broken.catch((cause) => {
  log.fatal("Cannot go on: {cause}", { cause });
  Deno.exit(1);
});
stopping.addEventListener("abort", async () => {
  setTimeout(() => Deno.exit(0), GRACE);
  await Promise.all([server.shutdown(), files, published, pushing]);
  await Promise.all([pool.close(), press[Symbol.asyncDispose]()]);
  await Promise.allSettled([sql.end(), es.close()]);
  Deno.exit(0);
}, { once: true });
