import type { Client } from "@elastic/elasticsearch";
import type { Report } from "@assay/core";
import type { SampleFacts } from "../postgres/repositories.ts";
import { bulkIndex, type BulkItem } from "./bulk.ts";
import { toSampleDocument } from "./document.ts";
import { removeDocuments } from "./remove.ts";
import type { Projector } from "./repositories.ts";

function itemOf(
  { facts, report }: { facts: SampleFacts; report: Report },
  options: { text: boolean },
): BulkItem {
  return { id: facts.sha256, version: facts.revision, json: toSampleDocument(facts, report, options) };
}

/** The one writer of `samples` behind that alias. */
export function createProjector(client: Client, alias: string): Projector {
  return {
    async project(samples) {
      const refused = await bulkIndex(client, alias, samples.map((sample) => itemOf(sample, { text: true })));
      if (refused.size === 0) return;
      // A sample that can't be found by its text is better than none.
      const bare = samples.filter(({ facts }) => refused.has(facts.sha256)).map((sample) =>
        itemOf(sample, { text: false })
      );
      const [first] = await bulkIndex(client, alias, bare);
      if (first === undefined) return;
      throw new Error(`Cannot project ${refused.size} samples: '${first[0]}': ${first[1]}`);
    },

    remove: async (sha256) => (await removeDocuments(client, alias, [sha256])).size > 0,

    removeMany: async (ids) => (await removeDocuments(client, alias, ids)).size,
  };
}
