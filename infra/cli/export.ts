import { parseArgs } from "node:util";
import { ConfigError } from "../config/load.ts";
import { createClient } from "./client/client.ts";
import { findInstallation } from "./client/running.ts";
import { exportPath } from "./export/path.ts";
import { openOutput } from "./export/output.ts";
import { commonOptions, configOf, runVerb } from "./options.ts";

const options = {
  ...commonOptions,
  server: { type: "string" },
  key: { type: "string" },
  format: { type: "string" },
  profile: { type: "string" },
  defang: { type: "string" },
  sections: { type: "string" },
  output: { type: "string", default: "-" },
  force: { type: "boolean", default: false },
} as const;

/** `assay export REPORT --format NAME`: writes a report in that form to a file or to standard output. */
await runVerb(async () => {
  const { values, path, binary } = parse();
  const { config } = await configOf(values);
  const client = createClient(await findInstallation({ ...values, data: config.data }));
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort(new Error("Stopped: nothing was written")));
  const output = await openOutput(values.output, { force: values.force, binary });
  try {
    const response = await client.download(path, stop.signal);
    const bytes = await output.write(response.body!);
    if (values.output !== "-") console.error(`Wrote ${bytes} bytes to '${values.output}'`);
    return 0;
  } catch (error) {
    await output.discard();
    throw error;
  }
});

function parse() {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      options,
      strict: true,
      allowPositionals: true,
    });
    return { values, ...exportPath(positionals, values) };
  } catch (cause) {
    throw cause instanceof TypeError ? new ConfigError(cause.message, { cause }) : cause;
  }
}
