import type { Sha256 } from "@assay/core";
import type { Client } from "@elastic/elasticsearch";
import { documentsOf } from "./document.ts";
import { readReports } from "./packed.ts";
import { removeDocuments } from "./remove.ts";
import type { Projector } from "./repositories.ts";
import { reach } from "./unavailable.ts";
import { writeDocuments } from "./write.ts";

/** Samples whose outdated documents are looked for at once. */
const AT_ONCE = 100;
/** Documents of one sample that say they are its newest: more than two need several crashes. */
const MOST_STALE = 10;

/** Keeps the newest report of each sample behind that alias as the sample's document. */
export function createProjector(client: Client, alias: string): Projector {
  return {
    async project(samples) {
      const newest = samples.map(({ facts, report }) => ({ facts, report, revision: facts.revision }));
      const { refused } = await writeDocuments(client, alias, newest);
      const [first] = refused;
      if (first !== undefined) {
        throw new Error(`Cannot project ${refused.size} samples: '${first[0]}': ${first[1]}`);
      }
      for (let at = 0; at < samples.length; at += AT_ONCE) {
        await demote(client, alias, samples.slice(at, at + AT_ONCE));
      }
    },

    async remove(sha256, except) {
      const stale = await findStale(client, alias, [sha256], [...except]);
      return (await removeDocuments(client, alias, stale.map(({ id }) => id))).size > 0;
    },

    async removeMany(sha256s) {
      let removed = 0;
      for (let at = 0; at < sha256s.length; at += AT_ONCE) {
        const stale = await findStale(client, alias, sha256s.slice(at, at + AT_ONCE), []);
        removed += (await removeDocuments(client, alias, stale.map(({ id }) => id))).size;
      }
      return removed;
    },
  };
}

/** Documents that were the newest of these samples become plain reports; those whose task is gone go too. */
async function demote(client: Client, alias: string, samples: readonly Newest[]): Promise<void> {
  const facts = new Map(samples.map((one) => [one.facts.sha256, one.facts]));
  const newest = samples.flatMap(documentsOf).filter((document) => document.facts !== null);
  const stale = await findStale(client, alias, [...facts.keys()], newest.map(({ id }) => id));
  const isReport = ({ id, sha256 }: Stale) =>
    facts.get(sha256)!.submissions.some(({ reportId }) => reportId === id);
  await removeDocuments(client, alias, stale.filter((one) => !isReport(one)).map(({ id }) => id));
  const former = await readReports(client, alias, stale.filter(isReport).map(({ id }) => id));
  const plain = Array.from(former.values(), (report) => {
    const { revision } = facts.get(report.sha256)!;
    return { report, facts: null, revision };
  });
  const { refused } = await writeDocuments(client, alias, plain);
  for (const [id, reason] of refused) throw new Error(`Cannot demote report '${id}': ${reason}`);
}

type Newest = Parameters<Projector["project"]>[0][number];

interface Stale {
  readonly id: string;
  readonly sha256: Sha256;
}

/** Documents of these samples that say they are the newest, but for those with these ids. */
async function findStale(
  client: Client,
  alias: string,
  sha256s: readonly Sha256[],
  except: readonly string[],
): Promise<Stale[]> {
  const found = await reach("look for documents", () =>
    client.search({
      index: alias,
      size: MOST_STALE * sha256s.length,
      query: {
        bool: {
          filter: [{ terms: { sha256: [...sha256s] } }, { term: { latest: true } }],
          must_not: [{ ids: { values: [...except] } }],
        },
      },
      docvalue_fields: ["sha256"],
      _source: false,
      track_total_hits: false,
    }));
  return found.hits.hits.map((hit) => ({
    id: hit._id!,
    sha256: (hit.fields as { sha256: [Sha256] }).sha256[0],
  }));
}
