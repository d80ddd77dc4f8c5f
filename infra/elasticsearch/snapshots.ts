import type { Client } from "@elastic/elasticsearch";
import { aliasOf } from "./prepare.ts";
import { removeDocuments, versionsOf } from "./remove.ts";
import { versionsBehind } from "./reindex/versions.ts";
import { reach } from "./unavailable.ts";

/** Elasticsearch's own snapshots of the live indices, in a folder that its nodes can write to. */
export interface IndexSnapshots {
  /** Gives the names of the indices. @throws {Error} where a shard could not be kept */
  create(folder: string, name: string, signal: AbortSignal): Promise<string[]>;
  /** Puts indices and aliases in place of those that are there. */
  restore(folder: string, name: string, indices: readonly string[], signal: AbortSignal): Promise<void>;
  /** Nothing happens where there is none of that name. */
  remove(folder: string, name: string): Promise<void>;
  /** Ids of every document, a few thousand at a time. */
  ids(signal: AbortSignal): AsyncGenerator<string[]>;
  /** Of reports, those that are not there. */
  missing(ids: readonly string[]): Promise<string[]>;
  /** Deletes documents of any kind. */
  drop(ids: readonly string[]): Promise<void>;
}

const LISTED = 5000;
const LOOK_MS = 500;

/** Snapshots of the indices of that prefix. */
export function createIndexSnapshots(client: Client, prefix: string): IndexSnapshots {
  const repository = `${prefix}-snapshots`;
  const aliases = [aliasOf(prefix, "reports"), aliasOf(prefix, "samples")];

  async function open(folder: string): Promise<void> {
    await reach("open repository", () =>
      client.snapshot.createRepository({
        name: repository,
        repository: { type: "fs", settings: { location: folder } },
      }));
  }

  async function liveIndices(): Promise<string[]> {
    return Object.keys(await reach("list indices", () => client.indices.getAlias({ name: aliases }))).sort();
  }

  return {
    async create(folder, name, signal) {
      await open(folder);
      const indices = await liveIndices();
      await reach("start snapshot", () =>
        client.snapshot.create({
          repository,
          snapshot: name,
          indices,
          include_global_state: false,
          feature_states: ["none"],
          wait_for_completion: false,
        }));
      for (;;) {
        const { snapshots = [] } = await reach(
          "look at snapshot",
          () => client.snapshot.get({ repository, snapshot: name }),
        );
        const [{ state, failures = [] } = {}] = snapshots;
        if (state === "SUCCESS") return indices;
        if (state !== "IN_PROGRESS") {
          throw new Error(
            `Cannot keep indices: the snapshot is ${state}: ${JSON.stringify(failures).slice(0, 500)}`,
          );
        }
        await pause(signal);
      }
    },

    async restore(folder, name, indices, signal) {
      await open(folder);
      const series = (await Promise.all(aliases.map((alias) => versionsBehind(client, alias)))).flat();
      for (const { name } of series) {
        await reach("delete index", () => client.indices.delete({ index: name }));
      }
      await reach("restore indices", () =>
        client.snapshot.restore({
          repository,
          snapshot: name,
          indices: [...indices],
          include_aliases: true,
          include_global_state: false,
          feature_states: ["none"],
          wait_for_completion: false,
        }));
      // A primary that is still being restored counts as yellow, so it is the active ones that tell.
      for (;;) {
        const health = await reach(
          "look at indices",
          () => client.cluster.health({ index: [...indices], level: "indices" }),
        );
        const all = Object.values(health.indices ?? {});
        const active = all.filter((one) => one.active_primary_shards === one.number_of_shards);
        if (active.length === indices.length) return;
        if (health.status === "red") {
          throw new Error(`Cannot restore '${name}': some of its shards could not be read from '${folder}'`);
        }
        await pause(signal);
      }
    },

    async remove(folder, name) {
      await open(folder);
      await reach(
        "delete snapshot",
        () =>
          client.snapshot.delete({ repository, snapshot: name }, { ignore: [404], requestTimeout: 600_000 }),
      );
    },

    async *ids(signal) {
      const index = await liveIndices();
      const { id } = await client.openPointInTime({ index, keep_alive: "5m" });
      try {
        let after: unknown[] | undefined;
        for (;;) {
          signal.throwIfAborted();
          const { hits: { hits } } = await client.search({
            pit: { id, keep_alive: "5m" },
            size: LISTED,
            sort: ["_shard_doc"],
            ...after === undefined ? {} : { search_after: after as string[] },
            _source: false,
            track_total_hits: false,
          });
          if (hits.length === 0) return;
          yield hits.map((hit) => hit._id!);
          after = hits.at(-1)!.sort;
        }
      } finally {
        await client.closePointInTime({ id });
      }
    },

    async missing(ids) {
      const there = await versionsOf(client, aliases[0]!, ids);
      return ids.filter((id) => !there.has(id));
    },

    async drop(ids) {
      for (const alias of aliases) {
        const isWritable = Object.values(await client.indices.getAlias({ name: alias }))
          .some((index) => index.aliases[alias]?.is_write_index);
        if (isWritable) await removeDocuments(client, alias, ids);
      }
    },
  };
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  signal.throwIfAborted();
}
