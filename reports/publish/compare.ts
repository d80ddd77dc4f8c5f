import { EVERYTHING, type Report, type Tlp } from "@assay/core";
import type { DueSample, PublishedCollection, Publishing, Reports } from "@assay/infra";
import type { StixBundle } from "../stix/object.ts";
import type { Describer } from "./describe.ts";
import { dropReport, holdReport } from "./hold.ts";
import type { Wanted } from "./wanted.ts";

/** What comparing samples with collections needs. */
export interface CompareDependencies {
  readonly publishing: Publishing;
  readonly reports: Pick<Reports, "find">;
  readonly describer: Describer;
}

/**
 * Has collections hold of a sample what they must: each report in a transaction of its own, so that a crash costs one, and what is
 * done already is found done. A sample that changes meanwhile is left as far as it is, and comes again.
 */
export async function compareSample(
  sample: DueSample,
  collections: readonly PublishedCollection[],
  wanted: Wanted,
  dependencies: CompareDependencies,
): Promise<void> {
  const { publishing, reports, describer } = dependencies;
  const held = new Map(sample.held.map((one) => [`${one.collection} ${one.reportId}`, one.stamp]));
  const sets = collections.map((collection) => ({ collection, set: wanted.of(sample, collection) }));
  for (const report of sample.reports) {
    const changed = sets.flatMap(({ collection, set }) => {
      const stamp = held.get(`${collection.id} ${report.id}`);
      const isChanged = set.has(report.id) && stamp !== describer.stamp(report, sample, collection.tlp);
      return isChanged ? { collection, isNew: stamp === undefined } : [];
    });
    if (changed.length === 0) continue;
    const whole = await reports.find(report.id, EVERYTHING);
    if (whole === null) throw new Error(`Cannot publish report '${report.id}': it is missing`);
    if (!await writeReport(whole, sample, changed, collections, dependencies)) return;
  }
  const gone = sets.flatMap(({ collection: { id }, set }) =>
    sample.held.filter(({ collection, reportId }) => collection === id && !set.has(reportId))
  );
  if (gone.length > 0) {
    const isWritten = await publishing.write(sample, async (transaction) => {
      for (const { collection, reportId } of gone) {
        if (!await transaction.isThere(collection)) continue;
        await dropReport(transaction, collection, reportId, sample.withdrawn.get(reportId) ?? null);
      }
    });
    if (!isWritten) return;
  }
  await publishing.done(sample);
}

async function writeReport(
  report: Report,
  sample: DueSample,
  changed: readonly { readonly collection: PublishedCollection; readonly isNew: boolean }[],
  all: readonly PublishedCollection[],
  { publishing, describer }: CompareDependencies,
): Promise<boolean> {
  // All before the transaction, which others wait for.
  const bundles = new Map<Tlp, StixBundle>();
  for (const { collection: { tlp } } of changed) {
    if (!bundles.has(tlp)) bundles.set(tlp, await describer.describe(report, sample, tlp));
  }
  const everywhere = changed.every(({ isNew }) => isNew)
    ? null // nothing is there yet that could have gone
    : bundles.get("red") ?? await describer.describe(report, sample, "red");
  const ids = new Set(everywhere?.objects.map(({ id }) => id));
  return await publishing.write(sample, async (transaction) => {
    // Those of levels come first.
    for (const { collection: { id, tlp, search } } of changed) {
      if (!await transaction.isThere(id)) continue;
      const stamp = describer.stamp(report, sample, tlp);
      const like = search && (all.find((one) => one.search === null && one.tlp === tlp)?.id ?? null);
      await holdReport(transaction, id, { report, stamp, bundle: bundles.get(tlp)!, everywhere: ids, like });
    }
  });
}
