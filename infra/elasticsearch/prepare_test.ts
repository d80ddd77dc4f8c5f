import { EVERYTHING } from "@assay/core";
import { Client, type estypes } from "@elastic/elasticsearch";
import assert from "node:assert/strict";
import { testName, testStack } from "../stack/testing.ts";
import { connectElasticsearch } from "./connect.ts";
import { FetchConnection } from "./fetch_connection.ts";
import { aliasesOf } from "./prepare.ts";
import { makeReport, testElasticsearch } from "./testing.ts";

Deno.test("prepare() by many processes at once makes the index once, behind its aliases", async () => {
  const url = testStack().elasticsearch;
  const prefix = testName();
  const processes = Array.from({ length: 4 }, () => connectElasticsearch({ url, prefix }));
  await using client = Object.assign(new Client({ node: url, Connection: FetchConnection }), {
    async [Symbol.asyncDispose]() {
      await client.indices.delete({ index: `${prefix}-reports-000001` });
      await client.close();
    },
  });
  await Promise.all(processes.map((process) => process.search.prepare()));
  await processes[0]!.search.prepare();
  await processes[0]!.search.ping();
  const aliases = await client.indices.getAlias({ index: `${prefix}-*` });
  assert.deepEqual(
    Object.entries(aliases).map(([index, { aliases }]) => [index, ...Object.keys(aliases).sort()]),
    [[`${prefix}-reports-000001`, `${prefix}-reports`, `${prefix}-samples`]],
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
    aliases: aliasesOf(stores.prefix),
    mappings: {
      dynamic: "strict",
      _source: { enabled: false },
      properties: older,
      _meta: { digest: "older" },
    },
  });
  await stores.search.prepare();
  const { [index]: extended } = await stores.client.indices.getMapping({ index });
  assert.ok(extended!.mappings.properties!["pe"] !== undefined);
  assert.equal(extended!.mappings._meta!["digest"], made!.mappings._meta!["digest"]);
});

/** An index of an older version, with this definition of `size` and without anything of `pe`. */
async function makeOlder(
  stores: Awaited<ReturnType<typeof testElasticsearch>>,
  size: estypes.MappingProperty,
): Promise<string> {
  const index = `${stores.prefix}-reports-000001`;
  const { [index]: made } = await stores.client.indices.getMapping({ index });
  const { pe: _, ...properties } = made!.mappings.properties!;
  await stores.client.indices.delete({ index });
  await stores.client.indices.create({
    index,
    aliases: aliasesOf(stores.prefix),
    mappings: { ...made!.mappings, _meta: { digest: "older" }, properties: { ...properties, size } },
  });
  return index;
}

Deno.test("prepare() refuses an index whose fields have other types, and says how to go on", async () => {
  await using stores = await testElasticsearch();
  await makeOlder(stores, { type: "keyword" });
  await assert.rejects(stores.search.prepare(), {
    name: "OutdatedIndexError",
    message: /'size' is keyword, expected long.*up --maintenance.*assay reindex/,
  });
});

Deno.test("prepare() goes on with an index that only indexes fields another way, extends and names it", async () => {
  await using stores = await testElasticsearch();
  const index = await makeOlder(stores, { type: "long", doc_values: false });
  const [line, ...rest] = await stores.search.prepare();
  assert.match(line!, /'size' should be indexed another way.*assay reindex/);
  assert.deepEqual(rest, []);
  const { [index]: extended } = await stores.client.indices.getMapping({ index });
  assert.ok(extended!.mappings.properties!["pe"] !== undefined);
  await stores.reports.store([makeReport()]);
  const { total } = await stores.search.search({ q: "size:1000", scope: "reports", size: 1 }, EVERYTHING);
  assert.equal(total.value, 1);
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
