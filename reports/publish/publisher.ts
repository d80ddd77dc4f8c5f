import { reasonOf, type Tlp } from "@assay/core";
import { type DueSample, pause, type Publishing, type Search } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { type CompareDependencies, compareSample } from "./compare.ts";
import { isPassing } from "./passing.ts";
import { fillCollections, type FillDependencies } from "./fill.ts";
import { findWanted } from "./wanted.ts";

/** What publishing needs. */
export interface PublisherDependencies extends CompareDependencies, FillDependencies {
  readonly publishing: Publishing;
  readonly search: Pick<Search, "match" | "walk">;
}

/** What the publisher runs with. */
export interface PublisherOptions extends PublisherDependencies {
  /** Levels whose collections are kept whether or not a key reads them: those that partners get. */
  readonly levels: readonly Tlp[];
}

/** Samples that are looked at together. */
const SAMPLES = 20;
/** Looks at least this often, should a notification be lost. */
const LOOK_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const MOST_PAUSE_MS = 30_000;

const log = getLogger(["assay", "reports", "publish"]);

/**
 * Keeps the collections that somebody gets as reports, notes, tags and searches are, until `stop` aborts. While a store is away it tries again with growing
 * pauses; after a crash it goes on where it was.
 */
export async function runPublisher(
  { levels, ...dependencies }: PublisherOptions,
  stop: AbortSignal,
): Promise<void> {
  let wake = Promise.withResolvers<void>();
  const ring = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const listening = listen(dependencies.publishing, ring, stop);
  let wait = FIRST_PAUSE_MS;
  while (!stop.aborted) {
    const woken = wake.promise;
    try {
      await dependencies.publishing.keepLevels(levels);
      const isBusy = await publishOnce(dependencies, stop);
      wait = FIRST_PAUSE_MS;
      if (!isBusy) await Promise.race([woken, pause(LOOK_MS, stop)]);
    } catch (error) {
      if (stop.aborted) break;
      log.warn("Cannot publish, trying again in {wait} ms: {error}", { wait, error: reasonOf(error) });
      await pause(wait, stop);
      wait = Math.min(2 * wait, MOST_PAUSE_MS);
    }
  }
  await listening;
}

/** Looks at the next samples; true where there may be more. @throws where a store is away or a search could not be asked */
export async function publishOnce(
  dependencies: PublisherDependencies,
  stop: AbortSignal,
): Promise<boolean> {
  const { publishing, search } = dependencies;
  const swept = await publishing.sweep();
  const { collections, stepped } = await fillCollections(dependencies, stop);
  if (collections.length === 0 && await publishing.forget()) return swept;
  const samples = await publishing.due(SAMPLES);
  if (samples.length === 0) return stepped || swept;
  const wanted = await findWanted(samples, collections, search);
  for (const id of wanted.missed) await publishing.refill(id);
  for (const sample of samples) {
    if (stop.aborted) break;
    try {
      await compareSample(sample, collections, wanted, dependencies);
    } catch (error) {
      stop.throwIfAborted();
      await putAside(sample, error, publishing);
    }
  }
  if (wanted.missed.length > 0) {
    throw new Error(`${wanted.missed.length} published searches could not be asked`);
  }
  return true;
}

/** One that can't be published must not hold up the others. @throws what passes */
async function putAside(sample: DueSample, error: unknown, publishing: Publishing): Promise<void> {
  if (isPassing(error)) throw error;
  log.error("Sample '{sha256}' can't be published: {error}", {
    sha256: sample.sha256,
    error: reasonOf(error),
  });
  await publishing.fail(sample, reasonOf(error));
}

async function listen(publishing: Publishing, ring: () => void, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      return await publishing.onDue(ring, stop);
    } catch (error) {
      log.warn("Cannot listen for what is to publish: {error}", { error: reasonOf(error) });
      await pause(LOOK_MS, stop);
    }
  }
}
