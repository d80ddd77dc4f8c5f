import type { Client } from "@elastic/elasticsearch";
import { type Copy, copyRange, verifyRange } from "./copy.ts";
import { countDocuments, removeGone } from "./gone.ts";
import { nextAlias } from "./target.ts";
import type { IndexVersion } from "./versions.ts";
import { type SequenceNumbers, settledNumbers } from "./walk.ts";

/** What is switched from and to. */
export interface Switch extends Copy {
  readonly alias: string;
  readonly from: IndexVersion;
  readonly to: string;
  /** All writes up to these are copied and compared. */
  readonly numbers: SequenceNumbers;
}

/**
 * Copies the last writes while no other can come in, makes sure that both indices hold the same, and moves the aliases in
 * one step. Searches go on; writers are turned away for that moment and come again. Gives the number of documents.
 * @throws {Error} where the indices differ: the old one is written to as before then
 */
export async function switchOver(change: Switch): Promise<number> {
  const { client, from, to, numbers } = change;
  const { shards_acknowledged: blocked } = await client.indices.addBlock({
    index: from.name,
    block: "write",
  });
  try {
    if (!blocked) throw new Error(`Cannot hold writes to '${from.name}': some of its shards don't answer`);
    const last = await settledNumbers(client, from.name);
    await copyRange(change, numbers, last, () => Promise.resolve());
    await verifyRange(change, numbers, last, () => {});
    await removeGone(client, from.name, change.target);
    const [expected, got] = await Promise.all([from.name, to].map((index) => countDocuments(client, index)));
    if (expected !== got) {
      throw new Error(
        `Cannot switch to '${to}': expected ${expected} documents as in '${from.name}', got ${got}`,
      );
    }
    await moveAliases(change);
    await copyLate(change, last);
    return got!;
  } catch (error) {
    // Where the aliases have moved already, late writers must not reach the old index.
    if (await leadsTo(client, change.alias, from.name)) await allowWrites(client, from.name);
    throw error;
  }
}

/** Lets writes in again. */
export async function allowWrites(client: Client, index: string): Promise<void> {
  await client.indices.putSettings({ index, settings: { "index.blocks.write": null } });
}

async function moveAliases({ client, alias, from, to }: Switch): Promise<void> {
  await client.indices.updateAliases({
    actions: [
      ...Object.entries(from.aliases).flatMap(([name, definition]) => [
        { remove: { index: from.name, alias: name, must_exist: true } },
        { add: { index: to, alias: name, ...definition } },
      ]),
      { remove: { index: to, alias: nextAlias(alias) } },
    ],
  });
}

/** Had somebody else lifted the block, what came in would be behind no alias now. */
async function copyLate(change: Switch, last: SequenceNumbers): Promise<void> {
  const now = await settledNumbers(change.client, change.from.name);
  await copyRange({ ...change, target: change.alias }, last, now, () => Promise.resolve());
}

async function leadsTo(client: Client, alias: string, index: string): Promise<boolean> {
  return await client.indices.existsAlias({ name: alias, index });
}
