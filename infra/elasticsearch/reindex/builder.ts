import type { Report, Sha256 } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import type { SampleFacts, Samples } from "../../postgres/repositories.ts";
import type { BulkItem } from "../bulk.ts";
import { type Document, documentsOf, submissionOf, toBareJson, toJson, unknownSample } from "../document.ts";
import { REPORT, unpackReport } from "../packed.ts";
import { versionOf } from "../write.ts";
import type { Reading } from "./walk.ts";

/** A document of the old index. */
export type Hit = estypes.SearchHit<unknown>;

/** Makes documents anew from those of an old index, in the way this version writes them. */
export interface Builder {
  /** One for each. Versions are never lower than the old document's. */
  build(hits: readonly Hit[]): Promise<BulkItem[]>;
  /** One that Elasticsearch takes where it has refused the document for `reason`. */
  bare(hit: Hit, reason: string): Promise<BulkItem>;
}

/** What documents are built from besides the old ones. */
export interface BuilderDependencies {
  readonly samples: Pick<Samples, "facts">;
}

/** What a builder needs of the old documents. */
export const reading: Reading = {
  _source: false,
  stored_fields: [REPORT],
  docvalue_fields: ["latest", "sha256"],
  version: true,
};

/** Builds from the reports that the old documents hold, and from what PostgreSQL knows of their samples. */
export function createBuilder({ samples }: BuilderDependencies): Builder {
  async function documents(hits: readonly Hit[]): Promise<{ document: Document; version: number }[]> {
    const newest = hits.filter(isNewest).map(sampleOf);
    const facts = new Map((await samples.facts(newest)).map((one) => [one.sha256, one]));
    return hits.map((hit) => {
      const report = unpackReport(hit);
      if (report === null) throw new Error(`Cannot copy '${hit._id}': it holds no report`);
      const known = isNewest(hit) ? facts.get(report.sha256) ?? factsOf(report) : null;
      const version = known === null ? 0 : versionOf(known.revision, report);
      return { document: documentOf(hit._id!, report, known), version: Math.max(version, hit._version!) };
    });
  }
  return {
    async build(hits) {
      const made = await documents(hits);
      return made.map(({ document, version }) => ({ id: document.id, version, json: toJson(document) }));
    },
    async bare(hit, reason) {
      const [{ document, version }] = await documents([hit]) as [{ document: Document; version: number }];
      return { id: document.id, version, json: toBareJson(document, reason) };
    },
  };
}

/** The document of that id as it is made now; the projector sees to it where another one should be there. */
function documentOf(id: string, report: Report, facts: SampleFacts | null): Document {
  return documentsOf({ report, facts }).find((document) => document.id === id) ??
    { id, shows: "sample", report, facts };
}

function isNewest(hit: Hit): boolean {
  return (hit.fields as { latest?: [boolean] }).latest?.[0] === true;
}

function sampleOf(hit: Hit): Sha256 {
  return (hit.fields as { sha256: [Sha256] }).sha256[0];
}

/** A sample that PostgreSQL no longer tells of keeps its document until the projector looks at it. */
function factsOf(report: Report): SampleFacts {
  return { ...unknownSample(report), submissions: [submissionOf(report)] };
}
