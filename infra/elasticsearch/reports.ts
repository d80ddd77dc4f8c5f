import { canSee, type Report, type Sha256, type TaskId, type Visibility } from "@assay/core";
import type { Client } from "@elastic/elasticsearch";
import { bulkIndex } from "./bulk.ts";
import { toBareReportDocument, toReportDocument } from "./document.ts";
import { removeDocuments } from "./remove.ts";
import type { Reports } from "./repositories.ts";
import { reach } from "./unavailable.ts";
import { visibleDocuments } from "./visibility.ts";

/** How many samples' latest reports are asked for at once; each may hold a megabyte. */
const LATEST_AT_ONCE = 25;

/** What the source of a `reports` document holds. */
interface Source {
  readonly report: Report;
}

/** Reports behind that alias. */
export function createReports(client: Client, alias: string): Reports {
  return {
    async store(reports) {
      // Two revisions of one task in one batch: the later is enough.
      const byId = new Map<TaskId, Report>();
      for (const report of reports) {
        if ((byId.get(report.id)?.revision ?? 0) <= report.revision) byId.set(report.id, report);
      }
      const items = Array.from(byId.values(), (report) => itemOf(report, toReportDocument(report)));
      const refused = await bulkIndex(client, alias, items);
      if (refused.size === 0) return { failed: new Map() };
      const bare = Array.from(refused, ([id, reason]) => {
        const report = byId.get(id as TaskId)!;
        return itemOf(report, toBareReportDocument(report, reason));
      });
      return { failed: await bulkIndex(client, alias, bare) as Map<TaskId, string> };
    },

    async find(id, visibility) {
      const found = await reach(
        "read report",
        () => client.get<Source>({ index: alias, id, _source_includes: ["report"] }, { ignore: [404] }),
      );
      if (!found.found || found._source === undefined) return null;
      const report = found._source.report;
      return canSee(visibility, report) ? report : null;
    },

    async findAll(ids, visibility) {
      const found = new Map<TaskId, Report>();
      if (ids.length === 0) return found;
      const { docs } = await reach(
        "read reports",
        () => client.mget<Source>({ index: alias, ids: [...ids], _source_includes: ["report"] }),
      );
      for (const doc of docs) {
        if (!("_source" in doc) || doc._source === undefined) continue;
        const { report } = doc._source;
        if (canSee(visibility, report)) found.set(report.id, report);
      }
      return found;
    },

    async latest(sha256s, visibility) {
      const latest = new Map<Sha256, Report>();
      const wanted = [...new Set(sha256s)];
      for (let at = 0; at < wanted.length; at += LATEST_AT_ONCE) {
        const some = wanted.slice(at, at + LATEST_AT_ONCE);
        for (const report of await newest(client, alias, some, visibility)) latest.set(report.sha256, report);
      }
      return latest;
    },

    remove: async (id) => (await removeDocuments(client, alias, [id])).size > 0,

    removeMany: async (ids) => (await removeDocuments(client, alias, ids)).size,
  };
}

function itemOf(report: Report, json: string) {
  return { id: report.id, version: report.revision, json };
}

async function newest(
  client: Client,
  alias: string,
  sha256s: readonly Sha256[],
  visibility: Visibility,
): Promise<Report[]> {
  const found = await reach("read latest reports", () =>
    client.search<Source>({
      index: alias,
      size: sha256s.length,
      query: { bool: { filter: [{ terms: { sha256: [...sha256s] } }, visibleDocuments(visibility)] } },
      collapse: { field: "sha256" },
      sort: [{ seen: "desc" }, { task: { order: "desc" } }],
      track_total_hits: false,
      _source: ["report"],
    }));
  return found.hits.hits.flatMap((hit) => hit._source === undefined ? [] : hit._source.report);
}
