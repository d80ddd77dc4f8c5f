import { connectElasticsearch } from "@assay/infra";
import { Client } from "@elastic/elasticsearch";
import { documentsOf, toJson } from "../../../infra/elasticsearch/document.ts";
import { reportOf } from "../generator/report.ts";
import type { Templates } from "../generator/templates.ts";

const REPORTS = 500;
const ROUNDS = 5;

/** Our way of storing reports against the client's own bulk helper with ready documents, in turns, into indices of their own. */
export async function compareBulk(elasticsearch: string, templates: Templates, now: number): Promise<string> {
  const prefix = `bench-${Date.now()}`;
  const client = new Client({ node: elasticsearch });
  const stores = connectElasticsearch({ url: elasticsearch, prefix });
  await stores.search.prepare();
  const [ours, helper]: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const made = Array.from(
        { length: REPORTS },
        (_, i) => reportOf(10_000_000 + round * REPORTS + i, templates, now),
      );
      const documents = made.flatMap((report) => documentsOf({ report, facts: null })).map((one) =>
        JSON.parse(toJson(one))
      );
      const fresh = made.map((report) => ({ ...report }));
      const ways = [
        async () =>
          ours.push(
            await timed(async () => void await stores.reports.store(fresh, () => Promise.resolve([]))),
          ),
        async () =>
          helper.push(
            await timed(async () => {
              const { failed } = await client.helpers.bulk<Record<string, unknown>>({
                datasource: documents,
                onDocument: (document) => ({
                  index: { _index: `${prefix}-reports`, _id: `helper-${document["task"]}` },
                }),
                refreshOnCompletion: `${prefix}-reports`,
              });
              if (failed > 0) throw new Error(`Cannot compare: the helper failed on ${failed} documents`);
            }),
          ),
      ];
      for (const way of round % 2 === 0 ? ways : ways.reverse()) await way();
    }
  } finally {
    await client.indices.delete({ index: `${prefix}-reports-000001` });
    await stores.close();
    await client.close();
  }
  const [a, b] = [rate(ours), rate(helper)];
  return `storing reports ${
    a.toFixed(0)
  }/s (building the documents included), the bare bulk helper with ready documents ${b.toFixed(0)}/s: ${
    (100 * a / b).toFixed(0)
  } %`;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
}

function rate(seconds: readonly number[]): number {
  return REPORTS / seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)]!;
}
