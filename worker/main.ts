/**
 * The worker process: `--config FILE` names the resolved configuration. Prints `{"ready":true,…}` once it takes
 * batches; SIGTERM ends it within 12 s. The permissions it needs are listed in `infra/cli/up/processes.ts`.
 */
import { configureLog, readConfigFile, shutdownSignal } from "@assay/infra";
import { parseArgs } from "node:util";
import { startWorker } from "./start.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { config: { type: "string" }, supervised: { type: "boolean", default: false } },
});
if (values.config === undefined) {
  console.error("Cannot start worker: expected '--config FILE'");
  Deno.exit(2);
}
const stop = shutdownSignal({ supervised: values.supervised });
const config = await readConfigFile(values.config);
await configureLog(config.log.level);
const worker = await startWorker(config, stop);
console.log(JSON.stringify({ ready: true, modules: worker.modules }));
await worker.ended;
Deno.exit(0);
