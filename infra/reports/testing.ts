import { join } from "node:path";
import { newSecret } from "../cli/up/admin_key.ts";
import { reportsProcess } from "../cli/up/processes.ts";
import { Config, type ConfigInput } from "../config/config.ts";
import { testPrintParts, testStixParts } from "../install/testing.ts";
import { freePort } from "../stack/port.ts";
import { testStack } from "../stack/testing.ts";
import { openLogFile } from "../supervisor/log_file.ts";
import { type ProcessRun, runProcess } from "../supervisor/run_process.ts";
import { connectReportExports, type ReportExportsAddress } from "./client.ts";
import type { ReportExports } from "./contract.ts";

/** A reports process for a test, as `up` starts it and with the same permissions; ended at the end of `await using`. */
export interface TestReportExports extends ReportExports, AsyncDisposable {
  readonly address: ReportExportsAddress;
  /** Of the process that runs now. */
  pid(): number;
  /** Its last lines. */
  said(): string;
  /** Ends it in order, and starts another on the same address. Gives how the first ended. */
  restart(): Promise<string>;
}

/** Starts one on a database and indices of the test run. */
export async function testReportExports(given: {
  /** URL of its database. */
  readonly postgres: string;
  /** Of its indices. */
  readonly prefix: string;
  readonly reports?: ConfigInput["reports"];
  readonly partners?: ConfigInput["partners"];
  /** False for none of the parts that STIX and PDF need. */
  readonly parts?: boolean;
}): Promise<TestReportExports> {
  const folder = await Deno.makeTempDir({ prefix: "assay-reports-" });
  const tools = given.parts === false ? {} : await testReportParts();
  const address = { url: `http://127.0.0.1:${freePort()}`, secret: newSecret() };
  const config = Config.parse({
    data: folder,
    postgres: { url: given.postgres },
    nats: { url: testStack().nats },
    elasticsearch: { url: testStack().elasticsearch, indexPrefix: given.prefix },
    reports: { ...given.reports, ...address },
    partners: given.partners ?? [],
    tools,
  });
  const configFile = join(folder, "config.json");
  await Deno.writeTextFile(configFile, JSON.stringify(config));
  const log = openLogFile(join(folder, "reports.log"));
  const root = join(import.meta.dirname!, "..", "..");
  const spec = reportsProcess({ root, configFile, runDir: folder, config });

  async function start(): Promise<ProcessRun> {
    const run = await runProcess(spec, { runDir: folder, log, onLine: () => {} });
    try {
      await run.ready;
      return run;
    } catch (cause) {
      run.kill();
      await run.ended;
      throw new Error(`Cannot start the reports process:\n${run.tail()}`, { cause });
    }
  }

  let run = await start();
  return {
    ...connectReportExports(address),
    address,
    pid: () => run.pid,
    said: () => run.tail(),
    async restart() {
      await run.stop();
      const how = await run.ended;
      run = await start();
      return how;
    },
    async [Symbol.asyncDispose]() {
      await run.stop();
      log[Symbol.dispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function testReportParts(): Promise<ConfigInput["tools"]> {
  const [stix, print] = await Promise.all([testStixParts(), testPrintParts()]);
  return { stixSchemas: stix.schemas, attack: stix.attack, ...print };
}
