/**
 * `deno task bench:reports [--seconds N]`: stores a usual report and one whose bundle has 5,000 objects, and prints for each form how long it
 * takes from the request to the last byte, how many are made in a second and in a second of processor, what memory the reports process and its
 * renderers have then (Chromium apart; pages that they share count once), and how that stands to the goals.
 */
import { EVERYTHING, type ExportFormat, exportForms, type Report } from "@assay/core";
import { connectElasticsearch, connectReportExports, ExportError, readConfigFile } from "@assay/infra";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { newSamples } from "../../infra/elasticsearch/testing.ts";
import { crowded } from "../../reports/fixtures/hostile.ts";
import { pe } from "../../reports/fixtures/programs.ts";
import { startPlatform } from "../platform/platform.ts";
import { type Ask, measure, type Measured } from "./reports/measure.ts";
import { memoryOf } from "./reports/memory.ts";

/** Goals: milliseconds of one form, warm, by report; bytes of the process and its renderers. */
const GOALS: Readonly<Record<string, number>> = {
  "stix large": 2000,
  "html usual": 20,
  "pdf usual": 400,
};
const MOST_MEMORY = 300e6;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "5" } } });
await using platform = await startPlatform({ onTestStack: Deno.env.has("ASSAY_TEST_STACK") });
const { elasticsearch, reports } = await readConfigFile(join(platform.data, "run", "config.json"));
const stores = connectElasticsearch({ url: elasticsearch.url!, prefix: elasticsearch.indexPrefix });
const samples: Readonly<Record<string, Report>> = { usual: pe(), large: crowded(2980, 2000) };
await stores.reports.store(Object.values(samples), newSamples);
await stores.close();

const exports = connectReportExports({ url: reports.url!, secret: reports.secret! });
const pid = (await platform.status()).processes.find(({ name }) => name === "reports")!.pid!;
const never = new AbortController().signal;
const askFor = (format: ExportFormat, report: Report): Ask => async () => {
  const { body } = await exports.export({
    format,
    profile: null,
    defang: null,
    sections: null,
    of: { report: report.id },
    known: [],
    visibility: EVERYTHING,
  }, never);
  return new Uint8Array(await new Response(body).arrayBuffer());
};

const { objects } = JSON.parse(new TextDecoder().decode(await askFor("stix", samples["large"]!)()));
console.log(`${objects.length} objects in the large bundle; ${reports.renderers} renderers\n`);
console.log(
  "form        report      bytes    p50 ms    p95 ms    each s    each s of processor    of the goal",
);
for (const [kind, report] of Object.entries(samples)) {
  for (const format of Object.keys(exportForms) as ExportFormat[]) {
    const about = { pid, seconds: Number(values.seconds), atOnce: reports.renderers };
    try {
      console.log(line(format, kind, await measure(askFor(format, report), about)));
    } catch (error) {
      // A form that meets its limits is a result too; the others are still measured.
      if (!(error instanceof ExportError)) throw error;
      console.log(`${format.padEnd(12)}${kind.padEnd(7)} refused: ${error.message}`);
    }
  }
  const memory = memoryOf(pid);
  const all = memory.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(
    `memory      ${kind.padEnd(7)} ${memory.map(({ what, bytes }) => `${what} ${mega(bytes)}`).join(", ")}; ${
      mega(all)
    } together, ${ratio(all, MOST_MEMORY)} of the goal\n`,
  );
}

function line(
  format: string,
  kind: string,
  { bytes, p50, p95, perSecond, perProcessorSecond }: Measured,
): string {
  const numbers = [bytes.toLocaleString("en"), p50.toFixed(1), p95.toFixed(1), perSecond.toFixed(1)]
    .map((text) => text.padStart(10)).join("");
  const goal = GOALS[`${format} ${kind}`];
  return `${format.padEnd(12)}${kind.padEnd(7)}${numbers}${perProcessorSecond.toFixed(1).padStart(23)}${
    goal === undefined ? "" : ratio(p50, goal).padStart(15)
  }`;
}

function ratio(value: number, goal: number): string {
  return (value / goal).toFixed(2);
}

function mega(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
