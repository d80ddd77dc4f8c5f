import { reasonOf } from "@assay/core";
import {
  allows,
  type ApiKey,
  type Keys,
  lapseOf,
  type PublishedCollection,
  type PublishedSearch,
  type Publishing,
  type Search,
  SearchTimeoutError,
} from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { isPassing } from "./passing.ts";

/** What filling collections needs. */
export interface FillDependencies {
  readonly publishing: Publishing;
  readonly keys: Pick<Keys, "find">;
  readonly search: Pick<Search, "walk">;
}

const PAGE = 100;
const log = getLogger(["assay", "reports", "publish"]);

/**
 * Takes the next step of every search whose hits must all be looked at, and ends those that can't be asked or whose owner may not publish
 * any more. Gives all collections as they are then, and whether there was a step. @throws where a store is away
 */
export async function fillCollections(
  dependencies: FillDependencies,
  signal: AbortSignal,
): Promise<{ readonly collections: readonly PublishedCollection[]; readonly stepped: boolean }> {
  const { publishing } = dependencies;
  const collections: PublishedCollection[] = [];
  let stepped = false;
  for (const collection of await publishing.collections()) {
    const { id, search } = collection;
    if (search !== null && !search.stopped) {
      const reason = whyNot(await dependencies.keys.find(search.owner));
      if (reason !== null) {
        log.warn("Collection '{id}' stops: {reason}", { id, reason });
        await publishing.stop(id, reason);
        collections.push({ ...collection, search: { ...search, stopped: true } });
        continue;
      }
      try {
        stepped = await takeStep(collection, search, dependencies, signal) || stepped;
      } catch (error) {
        const stopped = await stopUnlessPassing(id, error, publishing, signal);
        collections.push({ ...collection, search: { ...search, stopped } });
        continue;
      }
    }
    collections.push(collection);
  }
  return { collections, stepped };
}

async function takeStep(
  { id, tlp }: PublishedCollection,
  search: PublishedSearch,
  { publishing, search: searches }: FillDependencies,
  signal: AbortSignal,
): Promise<boolean> {
  const { q, mode, scope, changed } = search;
  if (search.filled && !changed) return false;
  if (changed) await publishing.startFilling(id, search);
  const place = changed ? null : search.place;
  const visibility = { reader: null, maxTlp: tlp };
  const step = await searches.walk({ q, mode, scope, place, size: PAGE, signal }, visibility);
  await publishing.fill(id, step.items.map(({ sha256 }) => sha256), step.place);
  return true;
}

/** One that can't be asked ends, one that takes too long has its step later; neither holds up the others. True where it ended. @throws what passes */
async function stopUnlessPassing(
  id: string,
  error: unknown,
  publishing: Publishing,
  signal: AbortSignal,
): Promise<boolean> {
  signal.throwIfAborted();
  if (error instanceof SearchTimeoutError) {
    log.warn("Collection '{id}' is filled later: {error}", { id, error: error.message });
    return false;
  }
  if (isPassing(error)) throw error;
  const reason = `The search can't be asked: ${reasonOf(error)}`;
  log.warn("Collection '{id}' stops: {reason}", { id, reason });
  await publishing.stop(id, reason);
  return true;
}

function whyNot(key: ApiKey | null): string | null {
  if (key === null) return "The key of its owner is gone";
  const lapsed = lapseOf(key, new Date());
  if (lapsed !== null) {
    return `The key '${key.name}' ${lapsed === "revoked-key" ? "has been revoked" : "has expired"}`;
  }
  return allows(key.scopes, "read") ? null : `The key '${key.name}' lacks 'read'`;
}
