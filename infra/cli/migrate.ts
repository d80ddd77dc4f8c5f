import { join } from "node:path";
import { ConfigError, readConfigFile } from "../config/load.ts";
import { isInUse } from "../stack/data_folder.ts";
import { commonOptions, configOf, parseOptions, runVerb } from "./options.ts";
import { migrateDatabase } from "./up/migrate_database.ts";

/** `assay migrate`: brings the configured database, or the one that `up` runs, to this version. */
await runVerb(async () => {
  const { config } = await configOf(parseOptions(commonOptions));
  const applied = await migrateDatabase(config.postgres.url ?? await runningDatabase(config.data));
  console.log(applied.length === 0 ? "The database is at this version" : `Applied ${applied.join(", ")}`);
  return 0;
});

async function runningDatabase(data: string): Promise<string> {
  const running = await isInUse(data)
    ? (await readConfigFile(join(data, "run", "config.json"))).postgres.url
    : null;
  if (running !== null) return running;
  throw new ConfigError(
    "Cannot find a database: expected postgres.url to be set; the embedded one is migrated by 'up'",
  );
}
