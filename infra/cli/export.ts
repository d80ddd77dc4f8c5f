import { ExportFormat, exportForms } from "@assay/core";
import { parseArgs } from "node:util";
import { ConfigError } from "../config/load.ts";
import { type Client, createClient } from "./client/client.ts";
import { findInstallation } from "./client/running.ts";
import { exportPath } from "./export/path.ts";
import { type AskedMany, asksMany, exportMany, manyRequest } from "./export/many.ts";
import { openOutput, type Output } from "./export/output.ts";
import { commonOptions, configOf, runVerb } from "./options.ts";
import { createProgressBar } from "./progress.ts";

const options = {
  ...commonOptions,
  server: { type: "string" },
  key: { type: "string" },
  format: { type: "string" },
  profile: { type: "string" },
  defang: { type: "string" },
  sections: { type: "string" },
  query: { type: "string" },
  submission: { type: "string" },
  list: { type: "string" },
  scope: { type: "string" },
  joined: { type: "boolean", default: false },
  output: { type: "string", default: "-" },
  force: { type: "boolean", default: false },
} as const;

/** `assay export REPORT --format NAME`: writes a report, or many, in that form to a file or to standard output. */
await runVerb(async () => {
  const { values, path, binary } = parse();
  const { config } = await configOf(values);
  const client = createClient(await findInstallation({ ...values, data: config.data }));
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort(new Error("Stopped: nothing was written")));
  const output = await openOutput(values.output, { force: values.force, binary });
  try {
    if (path === null) return await writeMany(client, values, output, stop.signal);
    const response = await client.download(path, stop.signal);
    const bytes = await output.write(response.body!);
    if (values.output !== "-") console.error(`Wrote ${bytes} bytes to '${values.output}'`);
    return 0;
  } catch (error) {
    await output.discard();
    throw error;
  }
});

/** Ends with 1 where reports are missing. */
async function writeMany(
  client: Client,
  values: AskedMany,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const request = await manyRequest(client, values, signal);
  const made = await exportMany(client, request, output, signal, createProgressBar());
  for (const { reportId, reason } of made.failures) console.error(`Missing: ${reportId}: ${reason}`);
  console.error(`Wrote ${made.reports} reports, ${made.failed} are missing, ${made.bytes} bytes`);
  return made.failed > 0 ? 1 : 0;
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      options,
      strict: true,
      allowPositionals: true,
    });
    if (!asksMany(positionals, values)) return { values, ...exportPath(positionals, values) };
    const { data: format } = ExportFormat.safeParse(values.format);
    return {
      values,
      path: null,
      binary: !values.joined || format !== undefined && !exportForms[format].text,
    };
  } catch (cause) {
    throw cause instanceof TypeError ? new ConfigError(cause.message, { cause }) : cause;
  }
}
