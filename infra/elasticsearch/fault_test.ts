import { EVERYTHING } from "@assay/core";
import { Client } from "@elastic/elasticsearch";
import assert from "node:assert/strict";
import { bulkIndex } from "./bulk.ts";
import { connectElasticsearch } from "./connect.ts";
import { FetchConnection } from "./fetch_connection.ts";
import { makeReport } from "./testing.ts";
import { SearchUnavailableError } from "./unavailable.ts";

/** Something that answers in Elasticsearch's place. */
function serve(handler: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const response = await handler(request);
    response.headers.set("x-elastic-product", "Elasticsearch");
    return response;
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, [Symbol.asyncDispose]: () => server.shutdown() };
}

const items = ["a", "b", "c"].map((id) => ({ id, version: 1, json: `{"id":"${id}"}` }));
const idsOf = (body: string) => Array.from(body.matchAll(/"_id":"(\w)"/g), ([, id]) => id);

/** Writes the three items by a server that answers so; gives what was refused, what was sent and how long it waited. */
async function write(answer: (ids: string[], attempt: number) => Response) {
  const sent: string[] = [];
  const waits: number[] = [];
  await using server = serve(async (request) => {
    const ids = idsOf(await request.text()) as string[];
    sent.push(ids.join(""));
    return answer(ids, sent.length);
  });
  const client = new Client({ node: server.url, Connection: FetchConnection, maxRetries: 0 });
  const wait = (milliseconds: number) => {
    waits.push(milliseconds);
    return Promise.resolve();
  };
  try {
    return { ...await bulkIndex(client, "x", items, { wait }), sent, waits, error: null };
  } catch (error) {
    return { refused: null, outdated: null, sent, waits, error: error as Error };
  } finally {
    await client.close();
  }
}

const statuses = (ids: string[], statusOf: (id: string) => number) =>
  Response.json({
    items: ids.map((id) => ({ index: { status: statusOf(id), error: { type: `e${statusOf(id)}` } } })),
  });

Deno.test("bulkIndex() sends again only what was turned away", async () => {
  const { refused, sent, waits } = await write((ids, attempt) =>
    statuses(ids, (id) => id === "b" && attempt < 3 ? 429 : 201)
  );
  assert.deepEqual([refused, sent], [new Map(), ["abc", "b", "b"]]);
  assert.ok(waits.length === 2 && waits[1]! > waits[0]!);
});

Deno.test("bulkIndex() tells what is outdated and what was refused", async () => {
  const { refused, outdated, sent } = await write((ids) =>
    statuses(ids, (id) => ({ a: 409, b: 400 })[id] ?? 200)
  );
  assert.deepEqual([refused, outdated, sent], [new Map([["b", "e400"]]), new Set(["a"]), ["abc"]]);
});

Deno.test("bulkIndex() waits for a server that is away, and gives up in the end", async () => {
  const back = await write((ids, attempt) =>
    attempt < 3
      ? Response.json({ error: { type: "unavailable" } }, { status: 503 })
      : statuses(ids, () => 201)
  );
  assert.deepEqual([back.refused, back.sent], [new Map(), ["abc", "abc", "abc"]]);
  const away = await write(() => Response.json({ error: { type: "unavailable" } }, { status: 503 }));
  assert.ok(away.error instanceof SearchUnavailableError);
  assert.equal(away.sent.length, 6);
});

Deno.test("bulkIndex() halves what is too large, down to the document that is", async () => {
  const { refused, sent } = await write((ids) =>
    ids.includes("c")
      ? Response.json({ error: { type: "large" } }, { status: 413 })
      : statuses(ids, () => 201)
  );
  assert.deepEqual([refused, sent], [new Map([["c", "too large"]]), ["abc", "a", "bc", "b", "c"]]);
});

Deno.test("every read says that Elasticsearch is away where nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  listener.close();
  const stores = connectElasticsearch({ url });
  const report = makeReport();
  const calls = {
    find: () => stores.reports.find(report.id, EVERYTHING),
    latest: () => stores.reports.latest([report.sha256], EVERYTHING),
    search: () => stores.search.search({ q: "", scope: "samples", size: 1 }, EVERYTHING),
    ping: () => stores.search.ping(),
    prepare: () => stores.search.prepare(),
    remove: () => stores.reports.remove(report.id),
  };
  for (const [name, call] of Object.entries(calls)) {
    await assert.rejects(call, { name: "SearchUnavailableError" }, name);
  }
  await stores.close();
});

Deno.test("search() hands a cancel on to Elasticsearch and throws the signal's reason", async () => {
  // Elasticsearch ends a search whose connection closes.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stores = connectElasticsearch({ url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}` });
  const controller = new AbortController();
  const request = { q: "", scope: "samples", size: 1, signal: controller.signal } as const;
  const searching = assert.rejects(stores.search.search(request, EVERYTHING), /reader left/);
  using connection = await listener.accept();
  const bytes = new Uint8Array(65_536);
  assert.notEqual(await connection.read(bytes), null);
  controller.abort(new Error("reader left"));
  await searching;
  while (await connection.read(bytes) !== null);
  await stores.close();
});

Deno.test("search() tells a search that ran out of time", async () => {
  await using server = serve(() => Response.json({ timed_out: true, hits: { hits: [] } }));
  const stores = connectElasticsearch({ url: server.url });
  const searching = stores.search.search({ q: "", scope: "samples", size: 1 }, EVERYTHING);
  await assert.rejects(searching, { name: "SearchTimeoutError" });
  await stores.close();
});
