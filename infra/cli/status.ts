import { z } from "zod";
import { createClient } from "./client/client.ts";
import { findInstallation } from "./client/running.ts";
import { commonOptions, configOf, parseOptions, runVerb } from "./options.ts";

const Ready = z.object({
  status: z.string(),
  checks: z.record(z.string(), z.object({ status: z.string(), reason: z.string().nullish() })),
});
const Counts = z.record(z.string(), z.number());

/** `assay status`: whether everything is ready, and how many tasks are in which state. */
await runVerb(async () => {
  const values = parseOptions({ ...commonOptions, server: { type: "string" }, key: { type: "string" } });
  const { config } = await configOf(values);
  const where = await findInstallation({ ...values, data: config.data });
  const response = await fetch(new URL("/health/ready", where.server)).catch(() => null);
  if (response === null) {
    console.error(`Cannot reach Assay at ${where.server}: start it with 'deno task up'`);
    return 1;
  }
  const ready = Ready.parse(await response.json());
  console.log(`${where.server} is ${ready.status}`);
  for (const [name, check] of Object.entries(ready.checks)) {
    console.log(`  ${name.padEnd(16)} ${check.status}${check.reason ? `  ${check.reason}` : ""}`);
  }
  const counts = await createClient(where).get("/api/v1/tasks/counts", Counts);
  console.log("Tasks");
  for (const [status, count] of Object.entries(counts)) console.log(`  ${status.padEnd(16)} ${count}`);
  return response.ok ? 0 : 1;
});
