import type { Client } from "@elastic/elasticsearch";
import { aliasOf } from "../prepare.ts";
import { reach } from "../unavailable.ts";
import { type BuilderDependencies, createBuilder } from "./builder.ts";
import { type Copy, copyRange, verifyRange } from "./copy.ts";
import { countDocuments, removeGone } from "./gone.ts";
import { switchOver } from "./switch.ts";
import { keepState, nextAlias, openTarget } from "./target.ts";
import { BEGINNING, settledNumbers } from "./walk.ts";

/** How far a reindex is. */
export interface ReindexProgress {
  readonly phase: "copying" | "comparing" | "switching";
  readonly done: number;
  readonly total: number;
}

/** How to reindex. */
export interface ReindexOptions extends BuilderDependencies {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ReindexProgress) => void;
}

/** What was done. */
export interface Reindexed {
  readonly from: string;
  readonly to: string;
  readonly documents: number;
  /** Milliseconds for which writers had to wait. */
  readonly heldMs: number;
  /** True where it went on with what an earlier run had copied. */
  readonly resumed: boolean;
}

/** The last writes are held back where at most so many documents are left to copy. */
const FEW = 50;
/** Rounds of catching up with writers that are as fast as we are. */
const ROUNDS = 20;
/** How often it is noted how far it has come, in milliseconds. */
const NOTE_EVERY = 2000;

/**
 * Fills a new index with this version's mapping from the live one, while searches and writes go on, and moves the aliases
 * to it. Killed at any moment, the next run goes on. The old index stays, closed to writes.
 *
 * Nothing is lost: what is written meanwhile has a higher sequence number and is copied after; the last of it while
 * writers are held back, whose writes come again to the new index. Versions keep an older state from replacing a newer.
 */
export async function reindex(
  client: Client,
  { prefix, shards }: { readonly prefix: string; readonly shards: number },
  options: ReindexOptions,
): Promise<Reindexed> {
  const { signal } = options;
  const alias = aliasOf(prefix, "reports");
  const tell = options.onProgress ?? (() => {});
  const pair = await reach("open index", () => openTarget(client, alias, shards));
  const { source, target } = pair;
  const copy: Copy = {
    client,
    source: source.name,
    target: nextAlias(alias),
    builder: createBuilder(options),
    signal,
  };
  const total = await countDocuments(client, source.name);
  let done = pair.resumed ? await countDocuments(client, target) : 0;
  let numbers = [...pair.state.numbers];
  let noted = Date.now();
  const note = () => reach("note state", () => keepState(client, target, { from: source.name, numbers }));

  /** Copies what was written since; gives how many documents that was. */
  async function catchUp(): Promise<number> {
    const before = done;
    await copyRange(
      copy,
      numbers,
      await settledNumbers(client, source.name),
      async (shard, number, documents) => {
        numbers = numbers.with(shard, number);
        done += documents;
        tell({ phase: "copying", done, total: Math.max(done, total) });
        if (Date.now() - noted < NOTE_EVERY) return;
        await note();
        noted = Date.now();
      },
    );
    await note();
    return done - before;
  }

  await catchUp();
  let compared = 0;
  await verifyRange(copy, numbers.map(() => BEGINNING), numbers, (documents) => {
    compared += documents;
    tell({ phase: "comparing", done: compared, total: Math.max(compared, total) });
  });
  await removeGone(client, source.name, copy.target);
  let compareFrom = numbers;
  for (let round = 0; round < ROUNDS; round++) {
    const documents = await catchUp();
    await verifyRange(copy, compareFrom, numbers, () => {});
    compareFrom = numbers;
    if (documents <= FEW) break;
  }
  signal.throwIfAborted();
  tell({ phase: "switching", done: 0, total: 1 });
  const began = performance.now();
  const documents = await switchOver({ ...copy, alias, from: source, to: target, numbers });
  const heldMs = performance.now() - began;
  await keepState(client, target, null);
  await client.indices.putSettings({ index: target, settings: { refresh_interval: "30s" } });
  tell({ phase: "switching", done: 1, total: 1 });
  return { from: source.name, to: target, documents, heldMs, resumed: pair.resumed };
}
