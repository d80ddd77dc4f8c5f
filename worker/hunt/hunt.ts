import { reasonOf, type Sha256, type TaskEvent, type TaskId, type Visibility } from "@assay/core";
import {
  allows,
  type ApiKey,
  type Hunter,
  type HuntHit,
  type Hunts,
  isPostgresAway,
  type Keys,
  lapseOf,
  type LiveHunt,
  type Search,
} from "@assay/infra";
import { getLogger } from "@logtape/logtape";

/** What hunts need. */
export interface HuntDependencies {
  readonly hunts: Pick<Hunts, "live" | "record" | "fail" | "stop">;
  readonly keys: Pick<Keys, "find">;
  readonly search: Pick<Search, "match">;
  /** Tries of a task that a hunt makes. */
  readonly maxAttempts: number;
  tell(event: TaskEvent): void;
}

/** A sample whose document was built, with its newest report. */
export interface Projected {
  readonly sha256: Sha256;
  readonly reportId: TaskId;
}

/** Documents that one request asks about. */
const AT_ONCE = 500;
const log = getLogger(["assay", "worker", "hunt"]);

/**
 * Lets every live hunt look at documents that were just built, with what its owner's key may see now. What it comes upon
 * counts once a report, however often this is done. A hunt that fails says so and leaves the others alone.
 * @throws where a store is away: to be done again
 */
export function createHunting(
  dependencies: HuntDependencies,
): (projected: readonly Projected[]) => Promise<void> {
  const { hunts, search } = dependencies;
  return async (projected) => {
    const hunters = await withOwners(await hunts.live(), dependencies);
    if (hunters.length === 0) return;
    for (let at = 0; at < projected.length; at += AT_ONCE) {
      const some = projected.slice(at, at + AT_ONCE);
      const answers = await search.match(hunters.map(({ hunt, by }) => ({
        ...hunt.search,
        visibility: by.visibility,
        ids: some.map(({ sha256, reportId }) => hunt.search.scope === "samples" ? sha256 : reportId),
      })));
      for (const [index, answer] of answers.entries()) {
        const { hunt, by } = hunters[index]!;
        if (answer instanceof Error) await hunts.fail(hunt.searchId, reasonOf(answer));
        else await recordHits(hunt, answer, by, dependencies);
      }
    }
  };
}

/** Does what a hunt does with hits, and tells its owner of the new ones. Gives how many are new. */
export async function recordHits(
  hunt: Omit<LiveHunt, "search">,
  hits: readonly HuntHit[],
  by: Hunter,
  { hunts, tell }: Pick<HuntDependencies, "tell"> & { readonly hunts: Pick<Hunts, "record" | "fail"> },
): Promise<number> {
  try {
    const fresh = await hunts.record(hunt, hits.map(({ sha256, reportId }) => ({ sha256, reportId })), by);
    for (const { sha256, reportId } of fresh) {
      const at = new Date().toISOString();
      tell({ type: "hunt.hit", taskId: reportId, searchId: hunt.searchId, owner: hunt.owner, sha256, at });
    }
    return fresh.length;
  } catch (error) {
    if (isPostgresAway(error)) throw error;
    await hunts.fail(hunt.searchId, reasonOf(error));
    return 0;
  }
}

async function withOwners(
  live: readonly LiveHunt[],
  { hunts, keys, maxAttempts }: HuntDependencies,
): Promise<{ hunt: LiveHunt; by: Hunter }[]> {
  const owners = new Map<string, ApiKey | null>();
  for (const { owner } of live) if (!owners.has(owner)) owners.set(owner, await keys.find(owner));
  const hunters = [];
  for (const hunt of live) {
    const key = owners.get(hunt.owner)!;
    const reason = whyNot(hunt, key);
    if (reason === null) {
      hunters.push({ hunt, by: hunterOf(key!, maxAttempts) });
      continue;
    }
    log.warn("Hunt '{id}' stops: {reason}", { id: hunt.searchId, reason });
    await hunts.stop(hunt.searchId, reason);
  }
  return hunters;
}

/** The key as who hunts. */
export function hunterOf(key: ApiKey, maxAttempts: number): Hunter {
  const visibility: Visibility = { reader: key.id, maxTlp: key.maxTlp };
  return { id: key.id, name: key.name, visibility, maxAttempts };
}

/** Why a hunt may not go on with that key; null where it may. */
export function whyNot(hunt: Pick<LiveHunt, "tags" | "rescan">, key: ApiKey | null): string | null {
  if (key === null) return "The key of its owner is gone";
  const lapsed = lapseOf(key, new Date());
  if (lapsed !== null) {
    return `The key '${key.name}' ${lapsed === "revoked-key" ? "has been revoked" : "has expired"}`;
  }
  if (hunt.tags.length > 0 && !allows(key.scopes, "annotate")) {
    return `The key '${key.name}' lacks 'annotate'`;
  }
  if (hunt.rescan !== null && !allows(key.scopes, "submit")) return `The key '${key.name}' lacks 'submit'`;
  return allows(key.scopes, "read") ? null : `The key '${key.name}' lacks 'read'`;
}
