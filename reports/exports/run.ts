import { EXPORT_KIND } from "@assay/core";
import {
  type Config,
  createExportFiles,
  createJobs,
  createKeys,
  createSampleLists,
  runJobs,
  samplesPath,
  type Search,
  type Sql,
} from "@assay/infra";
import { readStixSchemas, type StixSchemas } from "../stix/schemas.ts";
import type { Exporter } from "../service/exporter.ts";
import { exportKind } from "./kind.ts";

/** What makes files of many reports in the reports process. */
export interface ExportsOptions {
  readonly config: Pick<Config, "exports" | "jobs" | "reports" | "samples" | "data" | "tools">;
  readonly sql: Sql;
  readonly search: Search;
  readonly reports: Pick<Exporter, "export" | "exportMany">;
}

/** Makes files of many reports until `stop` aborts; what is not made then is given back. */
export async function runExports(
  { config, sql, search, reports }: ExportsOptions,
  stop: AbortSignal,
): Promise<void> {
  const { exports, samples, tools } = config;
  let schemas: Promise<StixSchemas> | null = null;
  await runJobs({
    jobs: createJobs(sql),
    kinds: new Map([[EXPORT_KIND, exportKind]]),
    stores: {
      keys: createKeys(sql),
      lists: createSampleLists(sql),
      search,
      files: await createExportFiles({ path: samplesPath(config), mount: samples.mount }),
      reports,
      schemas: () => schemas ??= readSchemas(tools.stixSchemas),
      // One renderer is left to those who wait for a single report, where there is more than one.
      limits: {
        reports: exports.maxReports,
        bytes: exports.maxSize,
        atOnce: Math.max(1, config.reports.renderers - 1),
      },
    },
    worker: `reports:${Deno.hostname()}:${Deno.pid}`,
    lease: config.jobs.lease,
  }, stop);
}

function readSchemas(folder: string | null): Promise<StixSchemas> {
  if (folder === null) throw new Error("Cannot join bundles of STIX: its schemas are not installed");
  return readStixSchemas(folder);
}
