import { join } from "node:path";
import { type Config } from "../../config/config.ts";
import { ConfigError, readConfigFile } from "../../config/load.ts";
import { isInUse } from "../../stack/data_folder.ts";

/** The configuration with the URLs of the servers that are there: those configured, else those that `up` runs. */
export type ReachedConfig = Config & {
  readonly postgres: { readonly url: string };
  readonly elasticsearch: { readonly url: string };
};

/** Finds PostgreSQL and Elasticsearch. @throws {ConfigError} where neither is configured nor runs, with what to do */
export async function reachServers(config: Config): Promise<ReachedConfig> {
  const running = await isInUse(config.data)
    ? await readConfigFile(join(config.data, "run", "config.json")).catch(tolerateStarting)
    : null;
  const postgres = config.postgres.url ?? running?.postgres.url ?? null;
  const elasticsearch = config.elasticsearch.url ?? running?.elasticsearch.url ?? null;
  if (postgres === null || elasticsearch === null) {
    throw new ConfigError(
      `Cannot find servers: nothing runs on '${config.data}'. Start 'deno task up', or the servers alone by ` +
        "'deno task up --maintenance', or set postgres.url and elasticsearch.url",
    );
  }
  return {
    ...running ?? config,
    postgres: { ...config.postgres, url: postgres },
    elasticsearch: { ...config.elasticsearch, url: elasticsearch },
  };
}

function tolerateStarting(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}
