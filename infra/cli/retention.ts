import type { RetentionRule } from "../config/retention.ts";
import { connectPostgres } from "../postgres/connect.ts";
import { exclusively } from "../postgres/exclusive.ts";
import { createRetention, type Due, type Retention, RETENTION_ORDER } from "../postgres/retention.ts";
import { reachServers } from "./client/servers.ts";
import { commonOptions, configOf, parseOptions, runVerb } from "./options.ts";
import { ConfigError } from "../config/load.ts";

/** `assay retention`: takes away what the rules say is old, or with `--dry-run` tells what that would be. */
await runVerb(async () => {
  const values = parseOptions({
    ...commonOptions,
    "dry-run": { type: "boolean", default: false },
    list: { type: "string", default: "10" },
  });
  if (!/^\d{1,4}$/.test(values.list)) {
    throw new ConfigError(`Cannot list '${values.list}': expected 0 to 9999`);
  }
  const { config } = await configOf(values);
  if (config.retention.length === 0) {
    console.log("There are no rules: everything is kept. Add [[retention]] to assay.toml");
    return 0;
  }
  const { postgres } = await reachServers(config);
  const sql = connectPostgres({ url: postgres.url, name: "retention", max: 2 });
  try {
    const retention = createRetention(sql, config.retention);
    if (values["dry-run"]) await tell(retention, config.retention, Number(values.list));
    else await exclusively(postgres.url, "retention", () => removeAll(retention));
    return 0;
  } finally {
    await sql.end();
  }
});

async function tell(retention: Retention, rules: readonly RetentionRule[], first: number): Promise<void> {
  const plans = await retention.plan(first);
  for (const { name, what } of rules) {
    const plan = plans.find((plan) => plan.rule === name && plan.what === what);
    console.log(`${name}: ${plan?.count ?? 0} ${what}, ${mebibytes(plan?.bytes ?? 0)}`);
    for (const due of plan?.first ?? []) console.log(`  ${describe(due)}`);
    const more = (plan?.count ?? 0) - (plan?.first.length ?? 0);
    if (more > 0) console.log(`  … and ${more} more`);
  }
  console.log("Nothing was removed");
}

async function removeAll(retention: Retention): Promise<void> {
  for (const what of RETENTION_ORDER) {
    let [count, bytes] = [0, 0];
    for (let after: string | null = null;;) {
      const batch = await retention.next(what, after);
      count += batch.removed.length;
      bytes += batch.removed.reduce((sum, due) => sum + due.bytes, 0);
      if (batch.after === null) break;
      after = batch.after;
    }
    if (count > 0) console.log(`Removed ${count} ${what}, ${mebibytes(bytes)}`);
  }
  console.log("Done. A running worker deletes their documents and bytes now");
}

function describe({ sha256, task, bytes }: Due): string {
  return task === null ? `${sha256}  ${mebibytes(bytes)}` : `${sha256}  report ${task}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
