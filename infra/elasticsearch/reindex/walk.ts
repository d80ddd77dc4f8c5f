import type { Client, estypes } from "@elastic/elasticsearch";
import { reach } from "../unavailable.ts";

/**
 * Every write to a shard has a sequence number, and a document carries that of its last. So what has changed since a number
 * is what has a higher one: one walk copies an index, catches up with it, and goes on after a kill.
 */
export type SequenceNumbers = readonly number[];

/** Before the first write. */
export const BEGINNING = -1;

/** What is read of each document. */
export type Reading = Pick<
  estypes.SearchRequest,
  "_source" | "stored_fields" | "docvalue_fields" | "version"
>;

/** A page of documents of a shard, in the order of their last writes. */
export interface WalkedPage {
  readonly hits: readonly estypes.SearchHit<unknown>[];
  /** The number after which the walk goes on. */
  readonly last: number;
}

/**
 * The number by shard up to which no write is still under way, all of them visible to searches once this resolves: later
 * writes have higher ones.
 */
export async function settledNumbers(client: Client, index: string): Promise<number[]> {
  return await reach("read sequence numbers", async () => {
    const stats = await client.indices.stats({ index, level: "shards" });
    const shards = Object.values(stats.indices ?? {})[0]?.shards ?? {};
    const settled = Object.keys(shards).map(Number).sort((a, b) => a - b).map((shard) => {
      const primary = shards[shard]!.find((copy) => copy.routing?.primary);
      if (primary?.seq_no === undefined) {
        throw new Error(`Cannot read shard ${shard} of '${index}': it is away`);
      }
      return primary.seq_no.global_checkpoint;
    });
    await client.indices.refresh({ index });
    return settled;
  });
}

/** Documents of a shard whose last write is in `(after, upTo]`. The next page is read while one is used. */
export async function* walk(
  client: Client,
  index: string,
  range: { readonly shard: number; readonly after: number; readonly upTo: number },
  how: { readonly size: number; readonly reading: Reading; readonly signal: AbortSignal },
): AsyncGenerator<WalkedPage> {
  const read = async (after: number): Promise<WalkedPage | null> => {
    if (after >= range.upTo) return null;
    const { hits: { hits } } = await reach("walk index", () =>
      client.search({
        index,
        // A document that changes meanwhile leaves the range; none comes in.
        query: { range: { _seq_no: { gt: after, lte: range.upTo } } },
        sort: [{ _seq_no: "asc" }],
        size: how.size,
        preference: `_shards:${range.shard}`,
        allow_partial_search_results: false,
        track_total_hits: false,
        ...how.reading,
      }, { signal: how.signal, requestTimeout: 120_000 }), how.signal);
    const last = hits.at(-1)?.sort?.[0];
    return hits.length === 0 ? null : { hits, last: Number(last) };
  };
  let next = read(range.after);
  for (let page = await next; page !== null; page = await next) {
    next = read(page.last);
    // A failure is for who asks for the next page, not for the process.
    next.catch(() => {});
    yield page;
  }
}
