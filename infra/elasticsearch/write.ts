import type { Client } from "@elastic/elasticsearch";
import type { Report, TaskId } from "@assay/core";
import { bulkIndex, type BulkItem } from "./bulk.ts";
import { type Document, type DocumentContent, documentsOf, toBareJson, toJson } from "./document.ts";

/** What documents are made of, and the state of PostgreSQL that it was read from. */
export interface VersionedContent extends DocumentContent {
  /** Revision of the sample in PostgreSQL. */
  readonly revision: number;
}

/** What became of reports whose documents were not written. */
export interface Written {
  /** Why, for each that was refused for good, even without raw output and text. */
  readonly refused: ReadonlyMap<TaskId, string>;
  /** Those that are there in a later version. */
  readonly outdated: ReadonlySet<TaskId>;
}

/** As many revisions of a report are told apart under one revision of its sample. */
const REPORT_REVISIONS = 1000;

/** A report is stored and soon after projected, most often to the same document of the same index: that one needn't be written again. */
const writtenLast = new WeakMap<Report, { readonly alias: string; readonly json: string }>();

/**
 * Writes documents and makes them visible to searches before it resolves. One that Elasticsearch refuses is written
 * again without raw output and text, with the reason under its limits. A document made from a later state of the sample
 * or from a later revision of the report is never replaced by an earlier one.
 * @throws {SearchUnavailableError} where Elasticsearch stays away
 */
export async function writeDocuments(
  client: Client,
  alias: string,
  contents: readonly VersionedContent[],
): Promise<Written> {
  const made: { readonly document: Document; readonly item: BulkItem & { readonly json: string } }[] = [];
  const { refused, outdated } = await bulkIndex(client, alias, items());
  for (const { document, item } of made) {
    if (!refused.has(item.id) && !outdated.has(item.id)) {
      writtenLast.set(document.report, { alias, json: item.json });
    }
  }
  const bare = made.filter(({ item }) => refused.has(item.id)).map(({ document, item }) => ({
    ...item,
    json: toBareJson(document, refused.get(item.id)!),
  }));
  const second = await bulkIndex(client, alias, bare);
  const reportOf = new Map(made.map(({ document, item }) => [item.id, document.report.id]));
  return {
    refused: new Map([...second.refused].map(([id, reason]) => [reportOf.get(id)!, reason])),
    outdated: new Set([...outdated, ...second.outdated].map((id) => reportOf.get(id)!)),
  };

  function* items(): Generator<BulkItem> {
    for (const { revision, ...content } of contents) {
      for (const document of documentsOf(content)) {
        const item = itemOf(document, revision, toJson(document));
        const before = writtenLast.get(document.report);
        if (before?.alias === alias && before.json === item.json) continue;
        made.push({ document, item });
        yield item;
      }
    }
  }
}

function itemOf({ id, report }: Document, revision: number, json: string) {
  return { id, version: versionOf(revision, report), json };
}

/** The version of a document that shows this report as PostgreSQL knew its sample at that revision. */
export function versionOf(revision: number, report: Pick<Report, "revision">): number {
  return revision * REPORT_REVISIONS + Math.min(report.revision, REPORT_REVISIONS - 1);
}
