import { parseArgs } from "node:util";
import { ConfigError } from "../config/load.ts";
import { createClient } from "./client/client.ts";
import { findInstallation } from "./client/running.ts";
import { commonOptions, configOf, runVerb } from "./options.ts";
import { printHits, type SearchFormat, searchFormats } from "./search/print.ts";

const options = {
  ...commonOptions,
  server: { type: "string" },
  key: { type: "string" },
  scope: { type: "string", default: "samples" },
  mode: { type: "string", default: "default" },
  sort: { type: "string" },
  size: { type: "string", default: "25" },
  all: { type: "boolean", default: false },
  fields: { type: "string" },
  format: { type: "string", default: "table" },
} as const;

/** `assay search QUERY…`: prints the newest hits, or all of them. */
await runVerb(async () => {
  const { values, positionals, format, size } = parse();
  const { config } = await configOf(values);
  const client = createClient(await findInstallation({ ...values, data: config.data }));
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort(new Error("Stopped: the list is not complete")));
  const request = {
    q: positionals[0] === "-" ? await new Response(Deno.stdin.readable).text() : positionals.join(" "),
    scope: values.scope,
    mode: values.mode,
    // All of many are listed fastest in the order in which they are kept.
    sort: values.sort ?? (values.all ? undefined : "-seen"),
    limit: values.all ? undefined : size,
    fields: values.fields?.split(",").map((name) => name.trim()),
  };
  const { printed, total } = await printHits(client, request, format, stop.signal);
  const more = printed < total && format !== "hashes" ? "; --all lists the rest" : "";
  console.error(`${printed} of ${total} ${values.scope}${more}`);
  return 0;
});

function parse() {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      options,
      strict: true,
      allowPositionals: true,
    });
    if (positionals.length === 0) throw new TypeError("Cannot search for nothing: expected a query, or '*'");
    const format = searchFormats.find((one) => one === values.format);
    if (format === undefined) {
      throw new TypeError(`Cannot print '${values.format}': expected ${searchFormats.join(", ")}`);
    }
    if (format === "table" && values.fields !== undefined) {
      throw new TypeError("Cannot choose fields of a table: expected --format csv or ndjson");
    }
    const size = Number(values.size);
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new TypeError(`Cannot list '${values.size}' hits: expected a number from 1`);
    }
    return { values, positionals, format: format as SearchFormat, size };
  } catch (cause) {
    throw cause instanceof TypeError ? new ConfigError(cause.message, { cause }) : cause;
  }
}
