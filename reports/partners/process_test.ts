import { EVERYTHING } from "@assay/core";
import { Config, createCollections, createPartners, createPublishing } from "@assay/infra";
import assert from "node:assert/strict";
import { testElasticsearch } from "../../infra/elasticsearch/testing.ts";
import { testSql } from "../../infra/postgres/testing.ts";
import { testReportExports } from "../../infra/reports/testing.ts";
import { KEY, medallion, testItem } from "./testing.ts";

Deno.test("the reports process pushes to partners with the permissions that it has, its key out of a file", async () => {
  await using database = await testSql();
  await using elasticsearch = await testElasticsearch();
  await using server = await medallion(10_000);
  const keyFile = await Deno.makeTempFile();
  await Deno.writeTextFile(keyFile, `${KEY}\n`);
  const partner = {
    name: "cert-x",
    kind: "taxii",
    url: server.root,
    user: "assay",
    keyFile,
    collection: server.collection,
    backlog: true,
  } as const;
  const partners = createPartners(database.sql);
  const configured = Config.parse({ partners: [partner] }).partners;
  const publishing = createPublishing(database.sql);
  const collection = (await createCollections(database.sql).find("tlp-green", EVERYTHING))!;
  const item = testItem(1);
  await publishing.touch(["0".repeat(64) as never]);
  const [sample] = await publishing.due(1);
  await publishing.write(sample!, (transaction) =>
    transaction.add(collection.id, [{
      id: item.id,
      type: "indicator",
      specVersion: "2.1",
      version: "2026-01-01T00:00:00.000Z",
      revoked: false,
      content: item.content,
      replaces: false,
    }]));

  const { postgres, prefix } = { postgres: database.url, prefix: elasticsearch.prefix };
  await using exports = await testReportExports({ postgres, prefix, parts: false, partners: [partner] });
  await partners.askTest("cert-x");

  const events = async () => (await partners.events("cert-x", { size: 10 })).items;
  const isDone = async () => {
    const kinds = (await events()).map(({ event }) => event);
    assert(!kinds.includes("failed"), `${JSON.stringify(await events())}\n${exports.said()}`);
    return kinds.includes("sent") && kinds.includes("tested");
  };
  while (!await isDone());
  const [standing] = await partners.list(configured);
  assert.deepEqual([standing!.sent, standing!.state], [1, "working"]);
  const tested = (await events()).find(({ event }) => event === "tested")!;
  assert.match(tested.detail, /^The collection 'From Assay' of 'Partner' takes objects/);
  await Deno.remove(keyFile);
});
