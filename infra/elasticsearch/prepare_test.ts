import assert from "node:assert/strict";
import { Client } from "@elastic/elasticsearch";
import { testName, testStack } from "../stack/testing.ts";
import { connectElasticsearch } from "./connect.ts";
import { FetchConnection } from "./fetch_connection.ts";
import { testElasticsearch } from "./testing.ts";

Deno.test("prepare() by many processes at once makes each index once, behind its alias", async () => {
  const url = testStack().elasticsearch;
  const prefix = testName();
  const processes = Array.from({ length: 4 }, () => connectElasticsearch({ url, prefix }));
  await using client = Object.assign(new Client({ node: url, Connection: FetchConnection }), {
    async [Symbol.asyncDispose]() {
      await client.indices.delete({ index: [`${prefix}-samples-000001`, `${prefix}-reports-000001`] });
      await client.close();
    },
  });
  await Promise.all(processes.map((process) => process.search.prepare()));
  await processes[0]!.search.prepare();
  await processes[0]!.search.ping();
  const aliases = await client.indices.getAlias({ index: `${prefix}-*` });
  assert.deepEqual(
    Object.entries(aliases).map(([index, { aliases }]) => [index, ...Object.keys(aliases)]).sort(),
    [[`${prefix}-reports-000001`, `${prefix}-reports`], [`${prefix}-samples-000001`, `${prefix}-samples`]],
  );
  for (const process of processes) await process.close();
});

Deno.test("prepare() adds what an older catalogue lacked", async () => {
  await using stores = await testElasticsearch();
  const index = `${stores.prefix}-reports-000001`;
  const { [index]: made } = await stores.client.indices.getMapping({ index });
  const { pe: _, ...older } = made!.mappings.properties!;
  await stores.client.indices.delete({ index });
  await stores.client.indices.create({
    index,
    aliases: { [`${stores.prefix}-reports`]: { is_write_index: true } },
    mappings: { dynamic: "strict", properties: older, _meta: { digest: "older" } },
  });
  await stores.search.prepare();
  const { [index]: extended } = await stores.client.indices.getMapping({ index });
  assert.ok(extended!.mappings.properties!["pe"] !== undefined);
  assert.equal(extended!.mappings._meta!["digest"], made!.mappings._meta!["digest"]);
});

Deno.test("prepare() refuses an index whose fields have other types", async () => {
  await using stores = await testElasticsearch();
  const index = `${stores.prefix}-reports-000001`;
  await stores.client.indices.delete({ index });
  await stores.client.indices.create({
    index,
    aliases: { [`${stores.prefix}-reports`]: { is_write_index: true } },
    mappings: { properties: { size: { type: "keyword" } } },
  });
  await assert.rejects(stores.search.prepare(), /Cannot extend index '.*': .* must be reindexed/);
});

Deno.test("ping() rejects where an index is missing", async () => {
  const stores = connectElasticsearch({ url: testStack().elasticsearch, prefix: testName() });
  await assert.rejects(stores.search.ping(), { name: "SearchUnavailableError" });
  await stores.close();
});

Deno.test("connectElasticsearch() refuses a prefix that is no index name", () => {
  for (const prefix of ["", "A", "-a", "a*", "a,b", "_all"]) {
    assert.throws(() => connectElasticsearch({ url: "http://127.0.0.1:1", prefix }), /Cannot name indices/);
  }
});
