import type { Report, TaskId, Timestamp } from "@assay/core";
import type { PublishingTransaction } from "@assay/infra";
import type { StixBundle, StixObject } from "../stix/object.ts";
import { isRevocable, nextVersion, revokedVersion, versionLike } from "./version.ts";

/** What a collection is to hold of a report. */
export interface Holding {
  readonly report: Pick<Report, "id" | "sha256" | "finished">;
  readonly stamp: string;
  readonly bundle: StixBundle;
  /** Ids of all that anybody sees of the report: what is still there at another level must not be revoked. */
  readonly everywhere: ReadonlySet<string>;
  /** The collection of all of that level, which holds the report already; null for that one itself. */
  readonly like: string | null;
}

/** Has a collection hold a report as it is now: new objects and new versions are added, what isn't in it any more goes. */
export async function holdReport(
  transaction: PublishingTransaction,
  collection: string,
  { report: { id, sha256, finished }, stamp, bundle, everywhere, like }: Holding,
): Promise<void> {
  const ids = bundle.objects.map(({ id }) => id);
  const held = await transaction.held(collection, ids);
  const others = like === null ? null : await transaction.held(like, ids);
  const versions = bundle.objects.flatMap((object) => {
    const [here, there] = [held.get(object.id) ?? null, others?.get(object.id)];
    return (there ? versionLike(here, there) : nextVersion(here, object)) ?? [];
  });
  await transaction.add(collection, versions);
  const left = await transaction.setReport(collection, { id, sha256, stamp }, ids);
  await letGo(transaction, collection, left, (object) => everywhere.has(object) ? null : finished);
}

/** Has a collection hold a report no more. `withdrawn`: when somebody deleted it; null where it is only out of this collection, or of age. */
export async function dropReport(
  transaction: PublishingTransaction,
  collection: string,
  id: TaskId,
  withdrawn: Timestamp | null,
): Promise<void> {
  const left = await transaction.dropReport(collection, id);
  await letGo(transaction, collection, left, () => withdrawn);
}

/**
 * Objects that no report of the collection has any more. What was withdrawn is revoked, so that partners stop acting on it; what
 * just isn't shown here any more is taken out without a word: revoking it would tell them that it is wrong, for good and everywhere.
 */
async function letGo(
  transaction: PublishingTransaction,
  collection: string,
  ids: readonly string[],
  withdrawn: (id: string) => Timestamp | null,
): Promise<void> {
  const held = await transaction.held(collection, ids);
  const revoked = [];
  const taken: string[] = [];
  for (const [id, { content, revoked: isRevoked }] of held) {
    if (isRevoked) continue;
    const object = JSON.parse(content) as StixObject;
    const at = isRevocable(object) ? withdrawn(id) : null;
    if (at === null) taken.push(id);
    else revoked.push(revokedVersion(object, at));
  }
  await transaction.add(collection, revoked);
  await transaction.remove(collection, taken);
}
