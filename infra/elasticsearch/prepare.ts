import { type Client, errors } from "@elastic/elasticsearch";
import { mappingOf } from "./mapping.ts";
import type { Scope } from "./storage.ts";
import { SearchUnavailableError } from "./unavailable.ts";

/** How indices are made. */
export interface IndexOptions {
  /** Names begin with it: alias `<prefix>-samples`, index `<prefix>-samples-000001`. */
  readonly prefix: string;
  readonly shards: number;
}

/** The alias that all reading and writing goes through. */
export function aliasOf(prefix: string, scope: Scope): string {
  return `${prefix}-${scope}`;
}

/**
 * Makes the first versioned index behind its alias where there is none, and adds new fields of the catalogue to one
 * that is there. Harmless where it is done twice, even at the same time.
 */
export async function prepareIndex(client: Client, scope: Scope, options: IndexOptions): Promise<void> {
  const alias = aliasOf(options.prefix, scope);
  const mappings = mappingOf(scope);
  if (!await client.indices.existsAlias({ name: alias })) {
    try {
      await client.indices.create({
        index: `${alias}-000001`,
        aliases: { [alias]: { is_write_index: true } },
        mappings,
        settings: {
          number_of_shards: options.shards,
          auto_expand_replicas: "0-1",
          // Writers refresh themselves; this is for what others write.
          refresh_interval: "30s",
          "mapping.total_fields.limit": 1000,
        },
      });
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
    }
  }
  const current = await client.indices.getMapping({ index: alias });
  const old = Object.entries(current).filter(([, index]) =>
    index.mappings._meta?.["digest"] !== mappings._meta?.["digest"]
  );
  for (const [index] of old) {
    try {
      await client.indices.putMapping({ index, ...mappings });
    } catch (error) {
      if (!(error instanceof errors.ResponseError) || error.statusCode !== 400) throw error;
      const message =
        `Cannot extend index '${index}': its fields differ from the catalogue's, so it must be reindexed`;
      throw new Error(message, { cause: error });
    }
  }
  const health = await client.cluster.health({ index: alias, wait_for_status: "yellow", timeout: "25s" });
  if (health.timed_out) {
    throw new SearchUnavailableError(`Cannot prepare '${alias}': it stays ${health.status}`);
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof errors.ResponseError &&
    /resource_already_exists_exception|invalid_alias_name_exception/.test(error.message);
}
