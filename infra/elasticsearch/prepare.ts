import { type Client, errors, type estypes } from "@elastic/elasticsearch";
import { type Conflict, extendMapping } from "./extend.ts";
import { mapping } from "./mapping.ts";
import type { Scope } from "./storage.ts";
import { SearchUnavailableError } from "./unavailable.ts";

/** How the index is made. */
export interface IndexOptions {
  /** Names begin with it: index `<prefix>-reports-000001` behind the aliases `<prefix>-reports` and `<prefix>-samples`. */
  readonly prefix: string;
  readonly shards: number;
}

/** Thrown where an index can't be used before it is reindexed; the message says how. */
export class OutdatedIndexError extends Error {
  override readonly name = "OutdatedIndexError";
}

/** The alias that reading goes through; writing goes through that of reports. */
export function aliasOf(prefix: string, scope: Scope): string {
  return `${prefix}-${scope}`;
}

/** The aliases of an index: its documents that show a report, and those that show the latest state of a sample. */
export function aliasesOf(prefix: string) {
  return {
    [aliasOf(prefix, "reports")]: { is_write_index: true, filter: { exists: { field: "own.rank" } } },
    [aliasOf(prefix, "samples")]: { filter: { term: { latest: true } } },
  };
}

/**
 * Makes the first versioned index behind its aliases where there is none, and adds new fields of the catalogue to one
 * that is there. Harmless where it is done twice, even at the same time. Gives a line for each index that works but should be
 * reindexed.
 * @throws {OutdatedIndexError} where a field has another type than the catalogue says: what is written and searched would be wrong
 */
export async function prepareIndex(client: Client, options: IndexOptions): Promise<string[]> {
  const alias = aliasOf(options.prefix, "reports");
  const mappings = mapping();
  if (!await client.indices.existsAlias({ name: alias })) {
    try {
      await client.indices.create({
        index: `${alias}-000001`,
        aliases: aliasesOf(options.prefix),
        mappings,
        settings: settingsOf(options),
      });
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
    }
  }
  const current = await client.indices.getMapping({ index: alias });
  const outdated: string[] = [];
  for (const [index, { mappings: old }] of Object.entries(current)) {
    if (old._meta?.["digest"] === mappings._meta?.["digest"]) continue;
    const conflicts = await extendMapping(client, index, old, mappings);
    if (conflicts.length > 0) outdated.push(judge(index, conflicts));
  }
  await waitUntilReady(client, alias);
  return outdated;
}

/** Resolves once searches and writes reach it. @throws {SearchUnavailableError} where they don't within half a minute */
export async function waitUntilReady(client: Client, index: string): Promise<void> {
  const health = await client.cluster.health({ index, wait_for_status: "yellow", timeout: "25s" });
  if (health.timed_out) {
    throw new SearchUnavailableError(`Cannot prepare '${index}': it stays ${health.status}`);
  }
}

/** Settings of every index that we make. */
export function settingsOf({ shards }: Pick<IndexOptions, "shards">): estypes.IndicesIndexSettings {
  return {
    number_of_shards: shards,
    auto_expand_replicas: "0-1",
    // Writers refresh themselves; this is for what others write.
    refresh_interval: "30s",
    "mapping.total_fields.limit": 1000,
    // Elasticsearch keeps each document's JSON, twice the size of all else, for a copy that was away so long; merges take it out
    // afterwards. A copy that was away longer is made anew.
    soft_deletes: { retention_lease: { period: "2m" } },
  };
}

/** A field of the same type takes what is written and finds what is searched, if slower or not in every way. */
function judge(index: string, conflicts: readonly Conflict[]): string {
  const command = "deno task assay reindex";
  const retyped = conflicts.filter(({ is, wanted }) => is !== wanted);
  if (retyped.length === 0) {
    const fields = conflicts.map(({ field }) => `'${field}'`).join(", ");
    return `Index '${index}' is of an older version: ${fields} should be indexed another way. Run '${command}'`;
  }
  const fields = retyped.map(({ field, is, wanted }) => `'${field}' is ${is}, expected ${wanted}`).join("; ");
  throw new OutdatedIndexError(
    `Cannot use index '${index}': ${fields}. Start the servers alone by 'deno task up --maintenance', run ` +
      `'${command}', then start again`,
  );
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof errors.ResponseError &&
    /resource_already_exists_exception|invalid_alias_name_exception/.test(error.message);
}
