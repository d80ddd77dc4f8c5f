import type { Client } from "@elastic/elasticsearch";
import { mapping } from "../mapping.ts";
import { aliasOf, type IndexOptions } from "../prepare.ts";
import { reach } from "../unavailable.ts";
import { countDocuments } from "./gone.ts";
import { reindex, type Reindexed, type ReindexOptions } from "./reindex.ts";
import { allowWrites } from "./switch.ts";
import { liveVersion, type ReindexState, unfinishedVersions } from "./target.ts";
import { versionsBehind } from "./versions.ts";

/** An index of a series as an administrator sees it. */
export interface IndexState {
  readonly name: string;
  /** `live` is searched and written, `unfinished` is being filled or was left so, `old` is kept from before. */
  readonly role: "live" | "unfinished" | "old";
  readonly documents: number;
  readonly bytes: number;
  /** True where its mapping is that of this version. */
  readonly current: boolean;
}

/** The indices behind the aliases: look, fill anew, let go. One process at a time may reindex (`postgres/exclusive.ts`). */
export interface Indices {
  list(): Promise<IndexState[]>;
  reindex(options: ReindexOptions): Promise<Reindexed>;
  /** Deletes old indices, and unfinished ones where asked; gives their names. */
  drop(roles: readonly ("old" | "unfinished")[]): Promise<string[]>;
  /** True where a reindex holds writers back, or was killed while it did. */
  held(): Promise<boolean>;
  /** Lets writers in again where a reindex was killed while it held them back; gives the index. */
  release(): Promise<string | null>;
}

/** Indices of that prefix. */
export function createIndices(client: Client, options: IndexOptions): Indices {
  const alias = aliasOf(options.prefix, "reports");
  const list = () =>
    reach("list indices", async () => {
      const digest = mapping()._meta?.["digest"];
      const versions = await versionsBehind(client, alias);
      return await Promise.all(versions.map(async ({ name, aliases, meta, bytes }): Promise<IndexState> => ({
        name,
        role: Object.hasOwn(aliases, alias) ? "live" : meta["reindex"] === undefined ? "old" : "unfinished",
        documents: await countDocuments(client, name),
        bytes,
        current: meta["digest"] === digest,
      })));
    });
  return {
    list,
    reindex: (how) => reindex(client, options, how),
    async drop(roles) {
      const gone = (await list()).filter(({ role }) => role !== "live" && roles.includes(role));
      for (const { name } of gone) await reach("delete index", () => client.indices.delete({ index: name }));
      return gone.map(({ name }) => name);
    },
    held: () => reach("look at indices", async () => await heldIndex(client, alias) !== null),
    release: () =>
      reach("release index", async () => {
        const index = await heldIndex(client, alias);
        if (index !== null) await allowWrites(client, index);
        return index;
      }),
  };
}

/** The live index, where it is closed to writes and something of a reindex is there: others' own blocks stay. */
async function heldIndex(client: Client, alias: string): Promise<string | null> {
  const settings = await client.indices.getSettings({ index: alias, name: "index.blocks.write" });
  if (!Object.values(settings).some(({ settings }) => settings?.index?.blocks?.write)) return null;
  const versions = await versionsBehind(client, alias);
  const { name } = liveVersion(versions, alias);
  const ours = unfinishedVersions(versions).some(({ meta }) =>
    (meta["reindex"] as ReindexState).from === name
  );
  return ours ? name : null;
}
