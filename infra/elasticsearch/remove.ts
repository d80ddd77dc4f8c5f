import type { Client } from "@elastic/elasticsearch";
import { bulkIndex } from "./bulk.ts";
import { reach, SearchUnavailableError } from "./unavailable.ts";

const AT_ONCE = 1000;
const ROUNDS = 10;

/**
 * Deletes documents behind an alias, whatever their versions, before it resolves; gives the ids of those that were there. A
 * deleted document leaves its own version behind and no higher one, so that the same report can be stored again.
 * @throws {SearchUnavailableError} where Elasticsearch stays away, or others write the documents again and again
 */
export async function removeDocuments(
  client: Client,
  alias: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const removed = new Set<string>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    for (let round = 0;; round++) {
      const there = await versionsOf(client, alias, some);
      if (there.size === 0) break;
      if (round === ROUNDS) {
        throw new SearchUnavailableError(`Cannot delete ${there.size} documents: they are written again`);
      }
      await bulkIndex(client, alias, Array.from(there, ([id, version]) => ({ id, version, json: null })));
      for (const id of there.keys()) removed.add(id);
    }
  }
  return removed;
}

/** Versions of those documents that are there now, whether searches see them yet or not. */
export async function versionsOf(
  client: Client,
  index: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const { docs } = await reach(
    "read versions",
    () => client.mget({ index, ids: [...ids], _source: false }, { requestTimeout: 60_000 }),
  );
  return new Map(
    docs.flatMap((doc) =>
      "found" in doc && doc.found && doc._version !== undefined ? [[doc._id, doc._version]] : []
    ),
  );
}
