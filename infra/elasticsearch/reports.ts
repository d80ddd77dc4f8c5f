import { canSee, type Report, type Sha256, type TaskId, type Visibility } from "@assay/core";
import type { Client } from "@elastic/elasticsearch";
import type { SampleFacts } from "../postgres/repositories.ts";
import { submissionOf, unknownSample } from "./document.ts";
import { readReports, REPORT, unpackReport } from "./packed.ts";
import { removeDocuments } from "./remove.ts";
import type { ReadFacts, Reports } from "./repositories.ts";
import { reach } from "./unavailable.ts";
import { visibleDocuments } from "./visibility.ts";
import { writeDocuments } from "./write.ts";

/** How many samples' latest reports are asked for at once; each may hold a megabyte. */
const LATEST_AT_ONCE = 25;
/** How often a report is written again because its sample changed meanwhile. */
const MAX_TRIES = 5;

/** Reports behind that alias. */
export function createReports(client: Client, alias: string): Reports {
  return {
    async store(reports, readFacts) {
      // Two revisions of one task in one batch: the later is enough.
      let left = new Map<TaskId, Report>();
      for (const report of reports) {
        if ((left.get(report.id)?.revision ?? 0) <= report.revision) left.set(report.id, report);
      }
      const failed = new Map<TaskId, string>();
      const seen = new Map<Sha256, number>();
      for (let tries = 0; left.size > 0 && tries < MAX_TRIES; tries++) {
        const facts = await factsOf([...left.values()], readFacts);
        // What is there in a later version is made of a later state of the sample, or of a later revision of the report.
        const changed = [...left.values()].filter(({ sha256 }) =>
          seen.get(sha256) !== facts.get(sha256)!.revision
        );
        for (const { sha256, revision } of facts.values()) seen.set(sha256, revision);
        const { refused, outdated } = await writeDocuments(
          client,
          alias,
          changed.map((report) => placed(report, facts.get(report.sha256)!)),
        );
        for (const [id, reason] of refused) failed.set(id, reason);
        left = new Map([...left].filter(([id]) => outdated.has(id)));
      }
      return { failed };
    },

    async find(id, visibility) {
      const report = (await readReports(client, alias, [id])).get(id);
      return report !== undefined && canSee(visibility, report) ? report : null;
    },

    async findAll(ids, visibility) {
      const found = await readReports(client, alias, ids);
      return new Map([...found].filter(([, report]) => canSee(visibility, report)));
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

async function factsOf(
  reports: readonly Report[],
  readFacts: ReadFacts,
): Promise<Map<Sha256, SampleFacts>> {
  const read = await readFacts([...new Set(reports.map(({ sha256 }) => sha256))]);
  const known = new Map(read.map((facts) => [facts.sha256, facts]));
  // Whoever stores a report of a sample that PostgreSQL has forgotten meanwhile takes it out again.
  return new Map(reports.map((report) => [report.sha256, known.get(report.sha256) ?? unknownSample(report)]));
}

/** A report whose task isn't complete yet is its sample's newest where there is no other; the projector sees to the rest. */
function placed(report: Report, before: SampleFacts) {
  const [newest] = before.submissions;
  const isNewest = newest === undefined || newest.reportId === report.id;
  const others = before.submissions.filter(({ taskId }) => taskId !== report.id);
  return {
    report,
    facts: isNewest ? { ...before, submissions: [submissionOf(report), ...others] } : null,
    revision: before.revision,
  };
}

async function newest(
  client: Client,
  alias: string,
  sha256s: readonly Sha256[],
  visibility: Visibility,
): Promise<Report[]> {
  const found = await reach("read latest reports", () =>
    client.search({
      index: alias,
      size: sha256s.length,
      query: {
        bool: { filter: [{ terms: { sha256: [...sha256s] } }, visibleDocuments(visibility, "reports")] },
      },
      collapse: { field: "sha256" },
      sort: [{ "own.seen": "desc" }, { task: { order: "desc" } }],
      track_total_hits: false,
      stored_fields: [REPORT],
    }));
  return found.hits.hits.flatMap((hit) => unpackReport(hit) ?? []);
}
