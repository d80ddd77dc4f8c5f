import { EVERYTHING } from "@assay/core";
import assert from "node:assert/strict";
import { connectElasticsearch } from "../connect.ts";
import { testElasticsearch } from "../testing.ts";

const request = { q: "", scope: "samples", fields: ["fileType"], size: 1 } as const;

Deno.test("facets() hands a cancel on to Elasticsearch and throws the signal's reason", async () => {
  // Elasticsearch ends a search whose connection closes.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stores = connectElasticsearch({ url: `http://127.0.0.1:${listener.addr.port}` });
  const controller = new AbortController();
  const counting = assert.rejects(
    stores.numbers.facets({ ...request, signal: controller.signal }, EVERYTHING),
    /reader left/,
  );
  using connection = await listener.accept();
  const bytes = new Uint8Array(65_536);
  assert.notEqual(await connection.read(bytes), null);
  controller.abort(new Error("reader left"));
  await counting;
  while (await connection.read(bytes) !== null);
  await stores.close();
});

Deno.test("facets() gives no numbers of a part where counting ran out of time", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      Response.json({ timed_out: true, hits: { hits: [] }, _shards: { total: 1 } }, {
        headers: { "x-elastic-product": "Elasticsearch" },
      }),
  );
  const stores = connectElasticsearch({ url: `http://127.0.0.1:${server.addr.port}` });
  await assert.rejects(stores.numbers.facets(request, EVERYTHING), { name: "SearchTimeoutError" });
  await stores.close();
});

Deno.test("facets() says where an index was made before its values were kept in order", async () => {
  await using stores = await testElasticsearch();
  const index = `${stores.prefix}-reports-000001`;
  const mappings = {
    properties: {
      access: { properties: { rank: { type: "byte" } } },
      fileType: { type: "keyword", doc_values: false },
    },
  } as const;
  await stores.client.indices.delete({ index });
  await stores.client.indices.create({ index, aliases: { [`${stores.prefix}-samples`]: {} }, mappings });
  await stores.client.index({ index, document: { access: { rank: 0 }, fileType: "pe" }, refresh: true });
  await assert.rejects(stores.numbers.facets(request, EVERYTHING), {
    name: "FieldError",
    message: /reindex/,
  });
});
