import type { Config } from "@assay/infra";
import type { ApiSettings } from "./dependencies.ts";

/** The API's limits and defaults as the configuration has them. */
export function settingsOf(config: Config): ApiSettings {
  const perMinute = config.api.rateLimit.requestsPerMinute;
  return {
    publicUrl: config.api.publicUrl ?? urlOf(config.api),
    organisation: { name: config.reports.organisation, contact: config.reports.contact },
    maxSampleBytes: config.api.maxUpload,
    maxFiles: config.api.maxFiles,
    defaultTlp: config.submissions.tlp,
    presets: config.presets,
    partners: config.partners,
    maxAttempts: config.worker.maxAttempts,
    // Ten seconds' worth at once: a page or a folder scan asks in bursts.
    rate: perMinute === 0 ? null : { burst: Math.ceil(perMinute / 6), perSecond: perMinute / 60 },
    origins: config.api.corsOrigins,
    uploadIdle: 60_000,
    answerWithin: 30_000,
    maxListeners: { perKey: 50, all: 1000 },
    reportFiles: {
      maxReports: config.exports.maxReports,
      maxKept: config.exports.maxKept,
      keep: config.jobs.keepResults,
    },
    maxExports: { perKey: 4, all: 16 },
    // What is beyond the queue of the reports process is refused there.
    maxReportExports: { perKey: 16, all: 512 },
    maxImports: { perKey: 1, all: 2 },
    heartbeat: 15_000,
  };
}

/** The address of a server that listens there. */
export function urlOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
