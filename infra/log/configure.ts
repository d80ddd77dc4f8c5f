import { configure, getConsoleSink, getTextFormatter } from "@logtape/logtape";

/** Lines on standard output and error, which the supervisor keeps with their time. */
export async function configureLog(level: "debug" | "info" | "warning" | "error"): Promise<void> {
  const formatter = getTextFormatter({ timestamp: "none", value: show });
  await configure({
    sinks: { console: getConsoleSink({ formatter }) },
    loggers: [
      { category: ["logtape", "meta"], sinks: ["console"], lowestLevel: "warning" },
      { category: "assay", sinks: ["console"], lowestLevel: level },
    ],
  });
}

/** Plain words bare; all else quoted and escaped, so that nothing hostile makes a line of its own. */
function show(value: unknown, inspect: (value: unknown) => string): string {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value) ? value : inspect(value);
}
