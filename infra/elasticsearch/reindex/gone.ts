import type { Client, estypes } from "@elastic/elasticsearch";
import type { Filter } from "../filter.ts";
import { removeDocuments, versionsOf } from "../remove.ts";
import { reach } from "../unavailable.ts";

/** First and further characters of ids: SHA-256 in hex and ULIDs. */
const CHARACTERS = [..."0123456789abcdefABCDEFGHJKMNPQRSTVWXYZ"];
/** The field that holds a document's id, for searches by its beginning. */
const ID_FIELD = "task";
/** Ids listed at once. */
const LISTED = 5000;

/**
 * Deletes from the target what is no longer in the source; gives how many. A target that has every document of the source
 * holds the same ones where it holds as many: so counts by the beginnings of ids lead to the few that are too many.
 */
export async function removeGone(
  client: Client,
  source: string,
  target: string,
): Promise<number> {
  await reach("refresh", () => client.indices.refresh({ index: [source, target] }));
  const [expected, copied] = await Promise.all(
    [source, target].map((index) => countDocuments(client, index)),
  );
  if (expected === copied) return 0;
  const gone = await findGone(client, source, target, "");
  return (await removeDocuments(client, target, gone)).size;
}

/** How many documents there are, exactly. */
export async function countDocuments(client: Client, index: string): Promise<number> {
  return await reach("count documents", async () => (await client.count({ index })).count);
}

async function findGone(
  client: Client,
  source: string,
  target: string,
  prefix: string,
): Promise<string[]> {
  const within: Filter = prefix === "" ? { match_all: {} } : { prefix: { [ID_FIELD]: prefix } };
  const listed = await idsOf(client, target, within);
  if (listed !== null) {
    const there = await versionsOf(client, source, listed);
    return listed.filter((id) => !there.has(id));
  }
  const [old, copied] = await Promise.all(
    [source, target].map((index) => countByNext(client, index, prefix)),
  );
  const gone: string[] = [];
  for (const [next, count] of copied!) {
    if (count > (old!.get(next) ?? 0)) gone.push(...await findGone(client, source, target, next));
  }
  return gone;
}

/** Null where there are too many to list. */
async function idsOf(
  client: Client,
  index: string,
  query: Filter,
): Promise<string[] | null> {
  const { hits: { hits, total } } = await reach(
    "list ids",
    () => client.search({ index, query, size: LISTED, _source: false, track_total_hits: LISTED + 1 }),
  );
  return (total as estypes.SearchTotalHits).value > LISTED ? null : hits.map((hit) => hit._id!);
}

async function countByNext(
  client: Client,
  index: string,
  prefix: string,
): Promise<Map<string, number>> {
  const filters = Object.fromEntries(
    CHARACTERS.map((character) => [prefix + character, { prefix: { [ID_FIELD]: prefix + character } }]),
  );
  const { aggregations } = await reach(
    "count ids",
    () =>
      client.search<unknown, { next: { buckets: Record<string, { doc_count: number }> } }>({
        index,
        size: 0,
        track_total_hits: false,
        aggs: { next: { filters: { filters } } },
      }),
  );
  return new Map(
    Object.entries(aggregations!.next.buckets).map(([next, { doc_count }]) => [next, doc_count]),
  );
}
