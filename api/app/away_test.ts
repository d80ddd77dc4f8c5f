import {
  connectElasticsearch,
  connectPostgres,
  createKnownHashes,
  createQueue,
  createSampleStore,
} from "@assay/infra";
import assert from "node:assert/strict";
import { testStack } from "../../infra/stack/testing.ts";
import { startProxy } from "./proxy.ts";
import { type TestApi, testApi } from "./testing.ts";

/** A port of this machine on which nothing listens. */
function deadPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

const upload = { method: "POST", headers: { "content-type": "application/octet-stream" }, body: "x" };

async function refusedAsAway(
  api: TestApi,
  path: string,
  store: RegExp,
  init: RequestInit = {},
): Promise<void> {
  const response = await api.ask(path, init);
  const problem = await response.json();
  assert.deepEqual([response.status, problem.code], [503, "store-away"], path);
  assert.match(problem.detail, store);
  assert(Number(response.headers.get("retry-after")) > 0);
}

Deno.test("while Elasticsearch is away, submissions are accepted and what needs it says so", async () => {
  const away = connectElasticsearch({ url: `http://127.0.0.1:${deadPort()}` });
  await using api = await testApi({}, { replace: { search: away.search, reports: away.reports } });
  const accepted = await api.ask("/api/v1/submissions", upload);
  assert.equal(accepted.status, 202);
  const { tasks } = await accepted.json();
  await refusedAsAway(api, "/api/v1/search", /Elasticsearch/);
  await refusedAsAway(api, `/api/v1/reports/${tasks[0].id}`, /Elasticsearch/);
  await api.ask(`/api/v1/tasks/${tasks[0].id}/cancel`, { method: "POST" });
  await refusedAsAway(api, `/api/v1/tasks/${tasks[0].id}`, /Elasticsearch/, { method: "DELETE" });
  assert.equal((await api.ask(`/api/v1/tasks/${tasks[0].id}`)).status, 200);
  await away.close();
});

Deno.test("while NATS is away, submissions are accepted and readiness says so", async () => {
  const server = new URL(testStack().nats);
  const proxy = startProxy(Number(server.port));
  server.port = String(proxy.port);
  const queue = createQueue({ url: server.href });
  await queue.ping();
  await proxy.stop();
  await using api = await testApi({}, { replace: { queue, checks: { nats: () => queue.ping() } } });
  assert.equal((await api.ask("/api/v1/submissions", upload)).status, 202);
  const ready = await api.app.request("/health/ready");
  const { status, checks } = await ready.json();
  assert.deepEqual([ready.status, status, checks.nats.status], [503, "away", "away"]);
  assert(checks.nats.reason.length > 0);
  await queue.close();
});

Deno.test("while PostgreSQL is away, everything that needs it says so", async () => {
  const sql = connectPostgres({ url: `postgres://nobody@127.0.0.1:${deadPort()}/none`, name: "test" });
  await using api = await testApi({}, { replace: { knownHashes: createKnownHashes(sql) } });
  await refusedAsAway(api, "/api/v1/hashes", /PostgreSQL/);
  await sql.end();
});

Deno.test("while the sample store is away, uploads say so and nothing is noted", async () => {
  const root = await Deno.makeTempDir();
  const samples = await createSampleStore({ path: root });
  await using api = await testApi({}, { replace: { samples, checks: { samples: () => samples.check() } } });
  await Deno.remove(root, { recursive: true });
  await Deno.writeTextFile(root, "not a folder any more");
  await refusedAsAway(api, "/api/v1/submissions", /sample store/, upload);
  const body = new FormData();
  body.append("file", new File(["x"], "x"));
  await refusedAsAway(api, "/api/v1/submissions", /sample store/, { method: "POST", body });
  assert.deepEqual((await (await api.ask("/api/v1/tasks")).json()).items, []);
  assert.equal((await api.app.request("/health/ready")).status, 503);
  await Deno.remove(root);
});

Deno.test("what cannot be noted in the audit trail is refused", async () => {
  const append = () => Promise.reject(new Error("disk full"));
  await using api = await testApi({}, {
    replace: { audit: { append, list: () => Promise.resolve({ items: [], cursor: null }) } },
  });
  const { key } = await api.makeKey({});
  const revoked = await api.ask(`/api/v1/keys/${key.id}`, { method: "DELETE" });
  const problem = await revoked.json();
  assert.deepEqual([revoked.status, problem.code], [500, "internal"]);
  assert.equal(JSON.stringify(problem).includes("disk full"), false);
  const keys = await (await api.ask("/api/v1/keys")).json();
  assert.equal(keys.items.find((one: { id: string }) => one.id === key.id).revoked, null);
});
