import { SubmissionOptions } from "@assay/core";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "../config/load.ts";
import { createClient } from "./client/client.ts";
import { findInstallation } from "./client/running.ts";
import { commonOptions, configOf, runVerb } from "./options.ts";
import { Journal } from "./scan/journal.ts";
import { scanFiles } from "./scan/scan.ts";
import { formatProgress, formatRow, type Row, tableHead } from "./scan/table.ts";
import { walkFiles } from "./scan/walk.ts";

const options = {
  ...commonOptions,
  server: { type: "string" },
  key: { type: "string" },
  wait: { type: "boolean", default: false },
  resume: { type: "boolean", default: false },
  format: { type: "string", default: "table" },
  rescan: { type: "string" },
  priority: { type: "string" },
  tlp: { type: "string" },
  tags: { type: "string" },
  modules: { type: "string" },
  preset: { type: "string" },
  password: { type: "string" },
} as const;

/** `assay scan PATH…`: submits files and folders and, with `--wait`, prints a line for each as its report arrives. */
await runVerb(async () => {
  const { values, positionals } = parse();
  const { config } = await configOf(values);
  const paths = positionals.map((path) => resolve(path));
  const client = createClient(await findInstallation({ ...values, data: config.data }));
  const stop = new AbortController();
  Deno.addSignalListener(
    "SIGINT",
    () => stop.abort(new Error("Stopped; what was submitted goes on, see --resume")),
  );

  const journal = await Journal.open(journalPath(config.data, paths), values.resume);
  const screen = createScreen(values.format);
  let unreadable = 0;
  const files = walkFiles(paths, (path, why) => {
    unreadable++;
    screen.note(`Cannot read '${path}': ${why}`);
  });
  const sums = await scanFiles(files, {
    client,
    journal,
    wait: values.wait,
    options: submissionOptions(values),
    signal: stop.signal,
    onRow: screen.row,
    onProgress: screen.progress,
  });
  screen.end();
  const failed = sums.failed + unreadable;
  const what = values.wait
    ? `${sums.done} of ${sums.found} analysed`
    : `${sums.submitted} of ${sums.found} submitted`;
  console.error(`${what}${failed > 0 ? `, ${failed} failed` : ""}`);
  return failed > 0 || sums.found === 0 ? 1 : 0;
});

function parse() {
  try {
    const parsed = parseArgs({ args: Deno.args, options, strict: true, allowPositionals: true });
    if (parsed.positionals.length === 0) {
      throw new TypeError("Cannot scan nothing: expected files or folders");
    }
    if (!["table", "ndjson"].includes(parsed.values.format)) {
      throw new TypeError(`Cannot print '${parsed.values.format}': expected 'table' or 'ndjson'`);
    }
    return parsed;
  } catch (cause) {
    throw cause instanceof TypeError ? new ConfigError(cause.message, { cause }) : cause;
  }
}

/** The options of the submissions: someone who waits is looking, so the interactive lane is the default then. */
function submissionOptions(values: ReturnType<typeof parse>["values"]) {
  const list = (text: string | undefined) =>
    text?.split(",").map((item) => item.trim()).filter((item) => item !== "");
  const given = {
    priority: values.priority ?? (values.wait ? "interactive" : "bulk"),
    rescan: values.rescan,
    tlp: values.tlp,
    tags: list(values.tags),
    modules: list(values.modules),
    preset: values.preset,
    password: values.password,
  };
  const checked = SubmissionOptions.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (checked.success) return checked.data;
  throw new ConfigError(
    checked.error.issues.map((issue) => `Cannot use --${issue.path.join(".")}: ${issue.message}`).join("\n"),
  );
}

function journalPath(data: string, paths: readonly string[]): string {
  const digest = createHash("sha256").update(paths.join("\n")).digest("hex").slice(0, 16);
  return join(data, "scans", `${digest}.ndjson`);
}

/** Rows on standard output; progress and notes on standard error, drawn over itself where that is a terminal. */
function createScreen(format: string) {
  const terminal = Deno.stderr.isTerminal();
  const clear = terminal ? "\r\x1b[2K" : "";
  let bar = "";
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  const above = (print: () => void) => {
    if (terminal) write(clear);
    print();
    if (terminal) write(bar);
  };
  if (format === "table") console.log(tableHead);
  return {
    row: (row: Row) =>
      above(() =>
        console.log(format === "table" ? formatRow(row, Deno.stdout.isTerminal()) : JSON.stringify(row))
      ),
    note: (text: string) => above(() => console.error(text)),
    progress(at: Parameters<typeof formatProgress>[0]) {
      bar = formatProgress(at);
      if (terminal) write(clear + bar);
    },
    end() {
      if (terminal) write(clear);
    },
  };
}
