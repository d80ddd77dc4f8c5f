import assert from "node:assert/strict";
import { testElasticsearch } from "../../infra/elasticsearch/testing.ts";
import { testStack } from "../../infra/stack/testing.ts";
import { testApi } from "../app/testing.ts";

type Stores = Awaited<ReturnType<typeof testElasticsearch>>;

const PARTS = 5;
/** Searches that may end by themselves before their cancel is seen. */
const TRIES = 30;

/** Many long values alike, which a pattern that fits none has to walk letter by letter. */
async function storeLongValues({ client, prefix }: Stores): Promise<void> {
  for (let part = 0; part < PARTS; part++) {
    const operations = Array.from({ length: 3 }, (_, document) => {
      const first = (part * 3 + document) * 1000;
      const wallet = Array.from(
        { length: 1000 },
        (_, index) => (first + index).toString(2) + "ab".repeat(400),
      );
      const task = `${part}-${document}`;
      return [{ index: { _id: task } }, { task, access: { rank: 0, owner: "nobody" }, wallet }];
    }).flat();
    await client.bulk({ index: `${prefix}-reports`, refresh: part === PARTS - 1, operations });
  }
}

/** A query whose patterns have not been asked for before, so that nothing is remembered of them. */
function slowQuery(attempt: number): string {
  return "ab ba aba bab abab baba abba baab".split(" ")
    .map((word) => `wallet:*${word}*a*b*a*b*c?${attempt}`).join(" OR ");
}

/** Whether this test's search is running in Elasticsearch, and whether that has been told to end it. */
async function stateOf(prefix: string): Promise<"running" | "cancelled" | null> {
  const url = `${testStack().elasticsearch}/_tasks?actions=indices:data/read/search&detailed=true`;
  const { nodes } = await (await fetch(url)).json();
  const tasks: { description: string; cancelled: boolean }[] = Object.values(nodes).flatMap((node) =>
    Object.values((node as { tasks: Record<string, never> }).tasks)
  );
  const own = tasks.find(({ description }) => description.includes(prefix) && description.includes("wallet"));
  return own === undefined ? null : own.cancelled ? "cancelled" : "running";
}

Deno.test("a search is cancelled in Elasticsearch when its client goes away", async () => {
  await using stores = await testElasticsearch();
  await storeLongValues(stores);
  await using api = await testApi({}, { replace: { search: stores.search } });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => api.app.fetch(request),
  );

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const client = new AbortController();
    const asked = new URLSearchParams({
      q: slowQuery(attempt),
      mode: "advanced",
      scope: "reports",
      show: "count",
    });
    const asking = fetch(`http://127.0.0.1:${server.addr.port}/api/v1/search?${asked}`, {
      headers: { authorization: `Bearer ${api.admin}` },
      signal: client.signal,
    }).then((response) => response.body?.cancel(), (error) => assert.equal(error.name, "AbortError"));
    let state = await stateOf(stores.prefix);
    for (let looks = 0; state === null && looks < 200; looks++) state = await stateOf(stores.prefix);
    client.abort();
    await asking;
    while (state === "running") state = await stateOf(stores.prefix);
    if (state === "cancelled") return;
  }
  assert.fail(`${TRIES} searches ended by themselves`);
});
