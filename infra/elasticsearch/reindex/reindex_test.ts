import { EVERYTHING, newId, type Report, type TaskId } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import assert from "node:assert/strict";
import { mapping } from "../mapping.ts";
import { aliasesOf } from "../prepare.ts";
import { factsOf, makeReport, testElasticsearch } from "../testing.ts";
import { versionOf } from "../write.ts";
import type { ReindexOptions } from "./reindex.ts";

type Stores = Awaited<ReturnType<typeof testElasticsearch>>;

/** The reports' index as an older version left it: one field of another type. */
async function makeOld(stores: Stores, shards = 2): Promise<string> {
  const alias = `${stores.prefix}-reports`;
  const { _meta, ...mappings } = mapping();
  const size: estypes.MappingProperty = { type: "keyword" };
  await stores.client.indices.delete({ index: `${alias}-000001` });
  await stores.client.indices.create({
    index: `${alias}-000001`,
    aliases: aliasesOf(stores.prefix),
    settings: { number_of_shards: shards },
    mappings: { ...mappings, _meta: { digest: "old" }, properties: { ...mappings.properties, size } },
  });
  return alias;
}

function optionsFor(more: Partial<ReindexOptions> = {}): ReindexOptions {
  return {
    signal: new AbortController().signal,
    samples: { facts: () => Promise.resolve([]) },
    ...more,
  };
}

function many(count: number): Report[] {
  return Array.from({ length: count }, (_, i) => makeReport({ size: 1000 + i, name: `file-${i}.exe` }));
}

Deno.test("reindex() moves everything to a new mapping while others write, delete and search", async () => {
  await using stores = await testElasticsearch();
  const alias = await makeOld(stores);
  const first = many(230);
  await stores.reports.store(first);

  const expected = new Map<TaskId, number>(first.map(({ id, revision }) => [id, revision]));
  let isOver = false;
  let searches = 0;
  const write = async () => {
    for (let round = 0; !isOver; round++) {
      const fresh = many(3);
      const again = [...expected].slice(round, round + 2).map(([id, revision]) =>
        makeReport({ id, revision: revision + 1 })
      );
      await stores.reports.store([...fresh, ...again]);
      for (const { id, revision } of [...fresh, ...again]) expected.set(id, revision);
      const victim = [...expected.keys()][100 + round]!;
      assert.equal(await stores.reports.remove(victim), true);
      expected.delete(victim);
    }
  };
  const search = async () => {
    while (!isOver) {
      const found = await stores.search.search({ q: "name:*.exe", scope: "reports", size: 5 }, EVERYTHING);
      assert.ok(found.total.value >= 200);
      searches++;
    }
  };
  const others = Promise.all([write(), search()]);
  const done = await stores.indices.reindex(optionsFor());
  isOver = true;
  await others;

  assert.deepEqual([done.from, done.to, done.resumed], [`${alias}-000001`, `${alias}-000002`, false]);
  assert.ok(searches > 0);
  await stores.client.indices.refresh({ index: alias });
  const { hits } = await stores.client.search({ index: alias, size: 5000, version: true, _source: false });
  assert.deepEqual(
    hits.hits.map(({ _id, _version }) => [_id, _version]).sort(),
    [...expected].map(([id, revision]) => [id, versionOf(1, { revision })]).sort(),
  );
  assert.deepEqual(new Set(hits.hits.map(({ _index }) => _index)), new Set([`${alias}-000002`]));
  assert.deepEqual(await stores.search.prepare(), []);
  const { total } = await stores.search.search({ q: "size:>=1200", scope: "reports", size: 1 }, EVERYTHING);
  assert.ok(total.value >= 10, "numbers are searched as numbers again");

  const roles = async () => (await stores.indices.list()).map(({ role }) => role);
  assert.deepEqual(await roles(), ["old", "live"]);
  assert.deepEqual(await stores.indices.drop(["old"]), [`${alias}-000001`]);
  assert.deepEqual(await roles(), ["live"]);
});

Deno.test("reindex() goes on where a stopped run ended", async () => {
  await using stores = await testElasticsearch();
  const alias = await makeOld(stores, 1);
  await stores.reports.store(many(230));
  const stop = new AbortController();
  let copied = 0;
  const onProgress: ReindexOptions["onProgress"] = ({ done }) => {
    copied = done;
    if (done >= 100) stop.abort(new Error("stopped"));
  };
  await assert.rejects(
    stores.indices.reindex(optionsFor({ signal: stop.signal, onProgress })),
    /stopped/,
  );
  assert.ok(copied >= 100 && copied < 230);
  const states = await stores.indices.list();
  assert.deepEqual(states.map(({ role }) => role), ["live", "unfinished"]);

  const done = await stores.indices.reindex(optionsFor());
  assert.deepEqual([done.to, done.documents, done.resumed], [`${alias}-000002`, 230, true]);
});

Deno.test("reindex() leaves the old index in use where a document can't be copied", async () => {
  await using stores = await testElasticsearch();
  const alias = await makeOld(stores);
  const [good, bad] = many(2);
  await stores.reports.store([good!]);
  const broken = { ...bad!, size: "not a number" as never };
  await stores.reports.store([broken]);
  await assert.rejects(stores.indices.reindex(optionsFor()), new RegExp(`Cannot copy '${bad!.id}'`));
  const later = makeReport();
  await stores.reports.store([later]);
  assert.equal((await stores.reports.find(later.id, EVERYTHING))?.id, later.id);
  assert.ok(await stores.client.indices.existsAlias({ name: alias, index: `${alias}-000001` }));
});

Deno.test("release() lets writers in again after a kill in the moment of the switch", async () => {
  await using stores = await testElasticsearch();
  const alias = await makeOld(stores);
  await stores.reports.store(many(3));
  const stop = new AbortController();
  const onProgress: ReindexOptions["onProgress"] = ({ phase }) => {
    if (phase === "comparing") stop.abort(new Error("killed"));
  };
  await assert.rejects(
    stores.indices.reindex(optionsFor({ signal: stop.signal, onProgress })),
    /killed/,
  );
  const source = `${alias}-000001`;
  assert.equal(await stores.indices.release(), null, "nothing is held");
  await stores.client.indices.addBlock({ index: source, block: "write" });
  assert.equal(await stores.indices.held(), true);
  assert.equal(await stores.indices.release(), source);
  await stores.reports.store(many(1));
  const done = await stores.indices.reindex(optionsFor());
  assert.deepEqual([done.documents, done.resumed], [4, true]);
  await stores.client.indices.addBlock({ index: `${alias}-000002`, block: "write" });
  assert.equal(await stores.indices.release(), null, "an administrator's own block stays");
});

Deno.test("reindex() builds samples from their reports and what PostgreSQL says now", async () => {
  await using stores = await testElasticsearch();
  const reports = many(3);
  await stores.reports.store(reports);
  await stores.projector.project(reports.map((report) => ({ facts: factsOf([report]), report })));
  const again = (report: Report) => ({ ...report, id: newId<TaskId>(), name: "renamed.dll" });
  const renamed = reports.map((report) => factsOf([report, again(report)], 7));
  const done = await stores.indices.reindex(
    optionsFor({ samples: { facts: () => Promise.resolve(renamed) } }),
  );
  assert.equal(done.documents, 3);
  const { total } = await stores.search.search(
    { q: "name:renamed.dll", scope: "samples", size: 1 },
    EVERYTHING,
  );
  assert.equal(total.value, 3);
});

Deno.test("reindex() starts anew where the mapping has changed since the run that was stopped", async () => {
  await using stores = await testElasticsearch();
  const alias = await makeOld(stores);
  await stores.reports.store(many(60));
  await stores.client.indices.create({
    index: `${alias}-000002`,
    mappings: { _meta: { digest: "other", reindex: { from: `${alias}-000001`, numbers: [50, 50] } } },
  });
  const done = await stores.indices.reindex(optionsFor());
  assert.deepEqual([done.documents, done.resumed], [60, false]);
});
