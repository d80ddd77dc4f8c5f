/**
 * `deno task bench:search [DIR] [--at 10000,100000] [--data FOLDER] [--repeats N]`: makes realistic reports (text and fields drawn
 * from real reports of the files in DIR) until there are so many, and prints for each number how fast they were stored, bytes a report on
 * disk, and how long 20 kinds of requests take by the API, beside the same requests sent to Elasticsearch. It goes on where it stopped.
 */
import { EVERYTHING, type KeyId } from "@assay/core";
import { connectElasticsearch } from "@assay/infra";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPlatform } from "../platform/platform.ts";
import { buildTo } from "./generator/build.ts";
import { templatesOf } from "./generator/templates.ts";
import { compareBulk } from "./search/bulk.ts";
import { captureBefore } from "./search/capture.ts";
import { gather } from "./gather.ts";
import { measureAll, type Measured } from "./search/measure.ts";
import { settle } from "./search/settle.ts";

const PREFIX = "assay";
const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    at: { type: "string", default: "10000,100000" },
    data: { type: "string", default: join(import.meta.dirname!, "..", "..", ".assay", "bench-search") },
    repeats: { type: "string", default: "40" },
    heap: { type: "string", default: "1GB" },
  },
});
const levels = values.at.split(",").map(Number).sort((a, b) => a - b);
await Deno.mkdir(values.data, { recursive: true });
await using platform = await startPlatform({
  data: values.data,
  env: { ASSAY_API_RATE_LIMIT_REQUESTS_PER_MINUTE: "0", ASSAY_ELASTICSEARCH_HEAP: values.heap },
});
const config = JSON.parse(await Deno.readTextFile(join(values.data, "run", "config.json")));
const elasticsearch: string = config.elasticsearch.url;
const templates = await templatesOf(
  platform,
  positionals[0] ?? await gather(),
  join(values.data, "templates.ndjson"),
);
console.log(`${templates.programs.length + templates.others.length} real reports to draw from`);
const stores = connectElasticsearch({ url: elasticsearch, prefix: PREFIX });
await using capture = captureBefore(elasticsearch, PREFIX);
const limited = await platform.ask<{ key: { id: KeyId }; text: string }>("/api/v1/keys", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ name: "bench", scopes: ["read"], maxTlp: "green" }),
});

for (const stored of levels) {
  console.log(`\n${stored.toLocaleString("en")} reports`);
  const built = await buildTo(stored, stores, templates, join(values.data, "progress.json"));
  if (built.reports > 0) {
    console.log(
      `stored ${built.reports} in ${built.seconds.toFixed(0)} s: ${
        (built.reports / built.seconds).toFixed(0)
      }/s`,
    );
  }
  const { documents, bytes } = await settle(elasticsearch, PREFIX);
  console.log(
    `${documents.toLocaleString("en")} documents, ${(bytes / 1e9).toFixed(2)} GB on disk, ${
      (bytes / stored / 1000).toFixed(1)
    } kB a report`,
  );
  if (stored === levels[0]) console.log(await compareBulk(elasticsearch, templates, built.now));
  console.log(`\n${"milliseconds".padEnd(32)}     p50     p95     p99   direct p50     p95   found nothing`);
  const measured = await measureAll({
    platform,
    elasticsearch,
    capture,
    templates,
    limited: { key: limited.text, visibility: { reader: limited.key.id, maxTlp: "green" } },
    all: EVERYTHING,
    stored,
    now: built.now,
    repeats: Number(values.repeats),
  }, (one) => console.log(line(one)));
  console.log(overhead(measured));
}
await stores.close();

function line({ kind, api, direct, empty }: Measured): string {
  const cells = [at(api, 0.5), at(api, 0.95), at(api, 0.99)].map((ms) => ms.toFixed(1).padStart(8)).join("");
  const beside = [at(direct, 0.5), at(direct, 0.95)].map((ms) => ms.toFixed(1).padStart(8)).join("");
  return `${kind.name.padEnd(32)}${cells}     ${beside}   ${empty}`;
}

/** How much the API adds, by quantiles over all kinds. */
function overhead(all: readonly Measured[]): string {
  const added = (share: number) => all.map(({ api, direct }) => at(api, share) - at(direct, share));
  const worst = Math.max(...all.map(({ api }) => at(api, 0.95)));
  return `worst p95 ${worst.toFixed(0)} ms; the API adds at p50 ${
    at(added(0.5), 0.5).toFixed(1)
  } ms, at p95 ${at(added(0.95), 0.5).toFixed(1)} ms (median of kinds), ${
    Math.max(...added(0.95)).toFixed(1)
  } ms (worst kind)`;
}

function at(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}
