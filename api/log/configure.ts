import { configure, getConsoleSink, getLogger, getTextFormatter, type Logger } from "@logtape/logtape";

/** Lines on standard output and error, which the supervisor keeps with their time; gives the API's logger. */
export async function configureLog(level: "debug" | "info" | "warning" | "error"): Promise<Logger> {
  const formatter = getTextFormatter({ timestamp: "none" });
  await configure({
    sinks: { console: getConsoleSink({ formatter }) },
    loggers: [
      { category: ["logtape", "meta"], sinks: ["console"], lowestLevel: "warning" },
      { category: "assay", sinks: ["console"], lowestLevel: level },
    ],
  });
  return getLogger(["assay", "api"]);
}
