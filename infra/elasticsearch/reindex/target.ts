import type { Client } from "@elastic/elasticsearch";
import { mapping } from "../mapping.ts";
import { settingsOf, waitUntilReady } from "../prepare.ts";
import { type IndexVersion, versionName, versionsBehind } from "./versions.ts";
import { BEGINNING, type SequenceNumbers } from "./walk.ts";

/** How far a reindex has come; kept with the mapping of the index that it fills, so that it goes when that goes. */
export interface ReindexState {
  /** The index that is copied. */
  readonly from: string;
  /** All writes up to these are copied. */
  readonly numbers: SequenceNumbers;
}

/** Old and new index of a reindex. */
export interface Pair {
  readonly source: IndexVersion;
  readonly target: string;
  readonly state: ReindexState;
  /** True where an earlier run began it. */
  readonly resumed: boolean;
}

/** The alias of the index being filled, and of nothing else. */
export function nextAlias(alias: string): string {
  return `${alias}-next`;
}

/** The index behind the alias. @throws {Error} where there is none */
export function liveVersion(versions: readonly IndexVersion[], alias: string): IndexVersion {
  const live = versions.find((version) => Object.hasOwn(version.aliases, alias));
  if (live === undefined) {
    throw new Error(`Cannot reindex '${alias}': there is no such index; 'deno task up' makes it`);
  }
  return live;
}

/** What an earlier run, killed or failed, left of a reindex of the live index. */
export function unfinishedVersions(versions: readonly IndexVersion[]): IndexVersion[] {
  return versions.filter(({ meta }) => meta["reindex"] !== undefined);
}

/** Takes up what an earlier run began, where it was to the mapping of this version; else begins anew. */
export async function openTarget(
  client: Client,
  alias: string,
  shards: number,
): Promise<Pair> {
  const versions = await versionsBehind(client, alias);
  const source = liveVersion(versions, alias);
  const mappings = mapping();
  for (const left of unfinishedVersions(versions)) {
    const state = left.meta["reindex"] as ReindexState;
    if (state.from === source.name && left.meta["digest"] === mappings._meta?.["digest"]) {
      return { source, target: left.name, state, resumed: true };
    }
    await client.indices.delete({ index: left.name });
  }
  const target = versionName(alias, Math.max(...versions.map(({ number }) => number)) + 1);
  const settings = await client.indices.getSettings({ index: source.name });
  const many = Number(settings[source.name]?.settings?.index?.number_of_shards ?? 1);
  const state: ReindexState = { from: source.name, numbers: Array<number>(many).fill(BEGINNING) };
  await client.indices.create({
    index: target,
    aliases: { [nextAlias(alias)]: { is_write_index: true } },
    mappings: { ...mappings, _meta: { ...mappings._meta, reindex: state } },
    settings: { ...settingsOf({ shards }), refresh_interval: "-1" },
  });
  await waitUntilReady(client, target);
  return { source, target, state, resumed: false };
}

/** Notes how far it has come, or with null that it is done. */
export async function keepState(
  client: Client,
  target: string,
  state: ReindexState | null,
): Promise<void> {
  const { _meta } = mapping();
  await client.indices.putMapping({
    index: target,
    _meta: { ..._meta, ...state === null ? {} : { reindex: state } },
  });
}
