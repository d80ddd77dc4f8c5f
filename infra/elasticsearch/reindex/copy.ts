import type { Client } from "@elastic/elasticsearch";
import { bulkIndex } from "../bulk.ts";
import { versionsOf } from "../remove.ts";
import { type Builder, type Hit, reading } from "./builder.ts";
import { type SequenceNumbers, walk } from "./walk.ts";

/** From which index to which. */
export interface Copy {
  readonly client: Client;
  readonly source: string;
  /** An alias of the target alone. */
  readonly target: string;
  readonly builder: Builder;
  readonly signal: AbortSignal;
}

/** Documents read and built at once; each may hold a megabyte. */
const PAGE = 50;
/** Ids and versions compared at once. */
const COMPARED = 2000;

/**
 * Copies what was written last in `(from, upTo]`, shard by shard. `reached` hears of each page that is safe in the target.
 * @throws {Error} naming a document that Elasticsearch refuses
 */
export async function copyRange(
  copy: Copy,
  from: SequenceNumbers,
  upTo: SequenceNumbers,
  reached: (shard: number, number: number, documents: number) => Promise<void>,
): Promise<void> {
  for (const [shard, last] of upTo.entries()) {
    const range = { shard, after: from[shard]!, upTo: last };
    const how = { size: PAGE, reading, signal: copy.signal };
    for await (const page of walk(copy.client, copy.source, range, how)) {
      await write(copy, page.hits);
      await reached(shard, page.last, page.hits.length);
    }
    await reached(shard, last, 0);
  }
}

async function write({ client, target, builder }: Copy, hits: readonly Hit[]): Promise<void> {
  const { refused } = await bulkIndex(client, target, await builder.build(hits), { refresh: false });
  if (refused.size === 0) return;
  const bare = await Promise.all(
    hits.flatMap((hit) => refused.has(hit._id!) ? [builder.bare(hit, refused.get(hit._id!)!)] : []),
  );
  const again = await bulkIndex(client, target, bare, { refresh: false });
  const [first] = again.refused;
  if (first !== undefined) {
    throw new Error(`Cannot copy '${first[0]}': Elasticsearch refuses it: ${first[1]}`);
  }
}

/**
 * Compares ids and versions of every document in `(from, upTo]` with the target's; gives how many.
 * @throws {Error} where one is missing or older there
 */
export async function verifyRange(
  copy: Copy,
  from: SequenceNumbers,
  upTo: SequenceNumbers,
  checked: (documents: number) => void,
): Promise<number> {
  const { client, source, target, signal } = copy;
  let documents = 0;
  for (const [shard, last] of upTo.entries()) {
    const range = { shard, after: from[shard]!, upTo: last };
    const how = { size: COMPARED, reading: { _source: false, version: true }, signal } as const;
    for await (const { hits } of walk(client, source, range, how)) {
      const copied = await versionsOf(client, target, hits.map((hit) => hit._id!));
      const wrong = hits.find((hit) => (copied.get(hit._id!) ?? -1) < hit._version!);
      if (wrong !== undefined) {
        const got = copied.get(wrong._id!) ?? "none";
        throw new Error(
          `Cannot verify '${wrong._id}' of '${source}': expected version ${wrong._version}, got ${got}`,
        );
      }
      documents += hits.length;
      checked(hits.length);
    }
  }
  return documents;
}
