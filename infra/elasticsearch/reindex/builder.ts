import { EVERYTHING, type Report, type Sha256 } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import type { Samples } from "../../postgres/repositories.ts";
import type { BulkItem } from "../bulk.ts";
import { toBareReportDocument, toReportDocument, toSampleDocument } from "../document.ts";
import type { Reports } from "../repositories.ts";
import type { Scope } from "../storage.ts";
import type { Reading } from "./walk.ts";

/** A document of the old index. */
export type Hit = estypes.SearchHit<unknown>;

/** Makes documents anew from those of an old index, in the way this version writes them. */
export interface Builder {
  /** The field that holds a document's id. */
  readonly idField: string;
  /** What it needs of the old documents. */
  readonly reading: Reading;
  /** One for each. Versions are never lower than the old document's. */
  build(hits: readonly Hit[]): Promise<BulkItem[]>;
  /** One that Elasticsearch takes where it has refused the document for `reason`. */
  bare(hit: Hit, reason: string): Promise<BulkItem>;
}

/** What documents are built from besides the old ones. */
export interface BuilderDependencies {
  readonly samples: Pick<Samples, "facts">;
  readonly reports: Pick<Reports, "find">;
}

/** The builder of that scope. */
export function builderOf(scope: Scope, dependencies: BuilderDependencies): Builder {
  return scope === "reports" ? reportBuilder() : sampleBuilder(dependencies);
}

function reportBuilder(): Builder {
  const reportOf = (hit: Hit) => (hit._source as { report: Report }).report;
  return {
    idField: "task",
    reading: { _source: ["report"], version: true },
    build: (hits) =>
      Promise.resolve(hits.map((hit) => ({
        id: hit._id!,
        version: hit._version!,
        json: toReportDocument(reportOf(hit)),
      }))),
    bare: (hit, reason) =>
      Promise.resolve({
        id: hit._id!,
        version: hit._version!,
        json: toBareReportDocument(reportOf(hit), reason),
      }),
  };
}

/** A sample that PostgreSQL or its report no longer tell of keeps its document until the projector looks at it. */
function sampleBuilder({ samples, reports }: BuilderDependencies): Builder {
  const build = async (hits: readonly Hit[], text: boolean): Promise<BulkItem[]> => {
    const facts = await samples.facts(hits.map((hit) => hit._id as Sha256));
    const bySample = new Map(facts.map((one) => [one.sha256, one]));
    return await Promise.all(hits.map(async (hit) => {
      const id = hit._id as Sha256;
      const known = bySample.get(id);
      const latest = known?.submissions[0]?.reportId;
      const report = latest === undefined ? null : await reports.find(latest, EVERYTHING);
      return known === undefined || report === null
        ? { id, version: hit._version!, json: JSON.stringify(hit._source) }
        : { id, version: known.revision, json: toSampleDocument(known, report, { text }) };
    }));
  };
  return {
    idField: "sha256",
    reading: { _source: true, version: true },
    build: (hits) => build(hits, true),
    bare: async (hit) => (await build([hit], false))[0]!,
  };
}
