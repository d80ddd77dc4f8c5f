import { parseArgs } from "node:util";
import { ConfigError } from "../config/load.ts";
import { connectElasticsearch, type Elasticsearch } from "../elasticsearch/connect.ts";
import type { IndexState } from "../elasticsearch/reindex/indices.ts";
import { REINDEX } from "../elasticsearch/reindex/release.ts";
import { connectPostgres } from "../postgres/connect.ts";
import { exclusively } from "../postgres/exclusive.ts";
import { createSamples } from "../postgres/samples.ts";
import { reachServers } from "./client/servers.ts";
import { commonOptions, configOf, runVerb } from "./options.ts";
import { createProgressBar } from "./progress.ts";

const options = {
  ...commonOptions,
  "dry-run": { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  "drop-old": { type: "boolean", default: false },
} as const;

/** `assay reindex`: fills a new index with this version's mapping, while everything goes on. */
await runVerb(async () => {
  const values = parse();
  const config = await reachServers((await configOf(values)).config);
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort(new Error("Stopped; the next run goes on from here")));
  const sql = connectPostgres({ url: config.postgres.url, name: "reindex", max: 2 });
  const stores = connectElasticsearch({
    url: config.elasticsearch.url,
    apiKey: config.elasticsearch.apiKey ?? undefined,
    prefix: config.elasticsearch.indexPrefix,
  });
  try {
    for (const state of await stores.indices.list()) console.log(describe(state));
    if (values["dry-run"]) return 0;
    await exclusively(config.postgres.url, REINDEX, async () => {
      await reindex(stores, createSamples(sql), stop.signal, values.force);
      if (values["drop-old"]) report("Deleted", await stores.indices.drop(["old"]));
    });
    return 0;
  } finally {
    await stores.close();
    await sql.end();
  }
});

async function reindex(
  { indices }: Elasticsearch,
  samples: ReturnType<typeof createSamples>,
  signal: AbortSignal,
  force: boolean,
): Promise<void> {
  const released = await indices.release();
  if (released !== null) {
    console.log(`'${released}' takes writes again: an earlier run was killed as it held them`);
  }
  const states = await indices.list();
  if (!force && states.some(({ role, current }) => role === "live" && current)) {
    report("Deleted", await indices.drop(["unfinished"]));
    console.log(
      `Nothing to do: the mapping is that of this version (--force builds it anew all the same)`,
    );
    return;
  }
  const show = createProgressBar();
  const done = await indices.reindex({
    samples,
    signal,
    onProgress: ({ phase, done, total }) => show(phase, done, total),
  });
  console.log(
    `${done.documents} documents moved from '${done.from}' to '${done.to}'; ` +
      `writers waited ${Math.round(done.heldMs)} ms. '${done.from}' is kept until 'reindex --drop-old'`,
  );
}

function describe({ name, role, documents, bytes, current }: IndexState): string {
  const mapping = current ? "mapping of this version" : "mapping of another version";
  return `${name}  ${role.padEnd(10)}  ${documents} documents  ${
    (bytes / 2 ** 20).toFixed(1)
  } MiB  ${mapping}`;
}

function report(what: string, names: readonly string[]): void {
  if (names.length > 0) console.log(`${what} ${names.map((name) => `'${name}'`).join(", ")}`);
}

function parse() {
  try {
    return parseArgs({ args: Deno.args, options, strict: true }).values;
  } catch (cause) {
    if (cause instanceof TypeError) throw new ConfigError(cause.message, { cause });
    throw cause;
  }
}
