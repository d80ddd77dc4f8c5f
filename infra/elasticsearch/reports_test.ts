import { EVERYTHING, newId, Report, type TaskId } from "@assay/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "./testing.ts";

Deno.test("store() keeps all content of a report", async () => {
  await using stores = await testElasticsearch();
  const report = makeReport({
    metadata: { case: "7" },
    children: [{ sha256: digestOf("child"), name: "../../etc/passwd", size: 3 }],
    modules: [
      foundRun("pe", [{ type: "property", field: "pe.import", value: "a!b" }], {
        deep: [1, { x: null }],
        t: "é😀",
      }),
      { ...foundRun("none", []), status: "nothing" } as Report["modules"][number],
    ],
    limits: ["strings: 2 of 3 kept"],
  });
  assert.deepEqual((await stores.reports.store([report])).failed, new Map());
  const found = await stores.reports.find(report.id, EVERYTHING);
  assert.deepEqual(Report.parse(found), Report.parse(JSON.parse(JSON.stringify(report))));
});

Deno.test("find() gives null for a report that is not there", async () => {
  await using stores = await testElasticsearch();
  assert.equal(await stores.reports.find(newId<TaskId>(), EVERYTHING), null);
});

Deno.test("store() makes reports visible to searches before it resolves", async () => {
  await using stores = await testElasticsearch();
  for (let round = 1; round <= 3; round++) {
    await stores.reports.store([makeReport(), makeReport()]);
    const found = await stores.search.search({ q: "", scope: "reports", size: 1 }, EVERYTHING);
    assert.deepEqual(found.total, { value: 2 * round, exact: true });
  }
});

Deno.test("store() twice changes nothing, and a later revision is never replaced by an earlier", async () => {
  await using stores = await testElasticsearch();
  const first = makeReport({ name: "first" });
  const second = { ...first, revision: 2, name: "second" };
  await stores.reports.store([first]);
  await stores.reports.store([first]);
  await stores.reports.store([second, first]);
  assert.deepEqual((await stores.reports.store([first])).failed, new Map());
  assert.equal((await stores.reports.find(first.id, EVERYTHING))?.name, "second");
  assert.equal((await stores.search.search({ q: "", scope: "reports", size: 5 }, EVERYTHING)).total.value, 1);
});

Deno.test("remove() takes a report out of reading and search, once", async () => {
  await using stores = await testElasticsearch();
  const report = makeReport();
  await stores.reports.store([report]);
  assert.equal(await stores.reports.remove(report.id), true);
  assert.equal(await stores.reports.remove(report.id), false);
  assert.equal(await stores.reports.find(report.id, EVERYTHING), null);
  assert.equal((await stores.search.search({ q: "", scope: "reports", size: 5 }, EVERYTHING)).total.value, 0);
});

Deno.test("latest() gives the newest report of each sample", async () => {
  await using stores = await testElasticsearch();
  const samples = Array.from({ length: 30 }, (_, index) => digestOf(`sample ${index}`));
  const at = (year: number) => `${year}-01-01T00:00:00.000Z`;
  await stores.reports.store(samples.flatMap((sha256) => [
    makeReport({ sha256, name: "new", finished: at(2026) }),
    makeReport({ sha256, name: "old", finished: at(2025) }),
  ]));
  const latest = await stores.reports.latest([...samples, digestOf("absent")], EVERYTHING);
  assert.deepEqual([...latest.keys()].sort(), [...samples].sort());
  assert.ok(latest.values().every((report) => report.name === "new"));
});

Deno.test("project() never lets an older state of a sample replace a newer", async () => {
  await using stores = await testElasticsearch();
  const report = makeReport({ name: "new" });
  const older = { ...report, name: "old" };
  await stores.projector.project([{ facts: factsOf([report], 7), report }]);
  await stores.projector.project([{ facts: factsOf([older], 6), report: older }]);
  const found = await stores.search.search({ q: "", scope: "samples", size: 5 }, EVERYTHING);
  assert.deepEqual(found.items.map((hit) => hit.name), ["new"]);
});

Deno.test("store() makes a sample's only report its document at once, and another one a plain report", async () => {
  await using stores = await testElasticsearch();
  const sha256 = digestOf("sample");
  const [first, second] = [makeReport({ name: "first" }), makeReport({ name: "second" })]
    .map((report) => ({ ...report, sha256, digests: { sha256 } })) as [Report, Report];
  const names = async (scope: "samples" | "reports") => {
    const { items } = await stores.search.search({ q: "", scope, size: 5, sort: "sha256" }, EVERYTHING);
    return items.map((hit) => hit.name).sort();
  };
  await stores.reports.store([first]);
  assert.deepEqual([await names("samples"), await names("reports")], [["first"], ["first"]]);
  await stores.reports.store([second], () => Promise.resolve([factsOf([first], 2)]));
  assert.deepEqual([await names("samples"), await names("reports")], [["first"], ["first", "second"]]);
  await stores.projector.project([{ facts: factsOf([second, first], 3), report: second }]);
  assert.deepEqual([await names("samples"), await names("reports")], [["second"], ["first", "second"]]);
});

Deno.test("store() reads the facts again where its sample was written meanwhile", async () => {
  await using stores = await testElasticsearch();
  const first = makeReport({ name: "first" });
  const again = { ...first, id: newId<TaskId>() };
  await stores.reports.store([first]);
  await stores.projector.project([{ facts: factsOf([first, again], 9), report: first }]);
  let asked = 0;
  const second = { ...first, revision: 2, name: "second" };
  await stores.reports.store([second], () => Promise.resolve([factsOf([first], ++asked === 1 ? 1 : 9)]));
  assert.equal(asked, 2);
  assert.equal((await stores.reports.find(first.id, EVERYTHING))?.name, "second");
});

Deno.test("project() takes out a newest report whose task is gone", async () => {
  await using stores = await testElasticsearch();
  const sha256 = digestOf("sample");
  const [kept, gone] = [makeReport({ name: "kept" }), makeReport({ name: "gone" })]
    .map((report) => ({ ...report, sha256, digests: { sha256 } })) as [Report, Report];
  await stores.projector.project([{ facts: factsOf([gone, kept], 2), report: gone }]);
  await stores.projector.project([{ facts: factsOf([kept], 3), report: kept }]);
  assert.equal(await stores.reports.find(gone.id, EVERYTHING), null);
  const { items } = await stores.search.search({ q: "", scope: "samples", size: 5 }, EVERYTHING);
  assert.deepEqual(items.map((hit) => hit.name), ["kept"]);
});

Deno.test("remove() of a sample leaves reports of tasks that go on", async () => {
  await using stores = await testElasticsearch();
  const report = makeReport();
  await stores.reports.store([report]);
  assert.equal(await stores.projector.remove(report.sha256, new Set([report.id])), false);
  assert.equal(await stores.projector.remove(report.sha256, new Set()), true);
  assert.equal(await stores.projector.remove(report.sha256, new Set()), false);
});

Deno.test("store() adds no mapping for ten thousand new keys", async () => {
  await using stores = await testElasticsearch();
  const count = async () => {
    const mapping = await stores.client.indices.getMapping({ index: `${stores.prefix}-reports` });
    return JSON.stringify(mapping).length;
  };
  await stores.reports.store([makeReport({ modules: [foundRun("pe", [], { word: "text" })] })]);
  const before = await count();
  const reports = Array.from({ length: 20 }, (_, report) =>
    makeReport({
      modules: [
        foundRun(
          "pe",
          [],
          Object.fromEntries(Array.from({ length: 500 }, (_, key) => [`k${report}-${key}`, "text"])),
        ),
      ],
    }));
  assert.deepEqual((await stores.reports.store(reports)).failed, new Map());
  assert.equal(await count(), before);
  const found = await stores.search.search(
    { q: "raw.pe.k19-499:text", scope: "reports", size: 5 },
    EVERYTHING,
  );
  assert.equal(found.total.value, 1);
});

Deno.test("store() lands what hostile samples make modules say", async () => {
  await using stores = await testElasticsearch();
  const deep = (depth: number): unknown => depth === 0 ? "bottom" : { d: deep(depth - 1) };
  const raws: unknown[] = [
    { "": 1, "a..b": 2, ".": 3, "a\0b": 4, "\ud800": 5, ["k".repeat(40_000)]: 6, __proto__x: 7, "a b\n": 8 },
    deep(500),
    [[[["x"]]], "\ud800", "\udfff\ud800", "\0", "\ue000fake\ue001"],
    "v".repeat(200_000),
    { list: Array.from({ length: 100_000 }, (_, index) => index) },
    { number: 1e308, tiny: 5e-324, big: 12345678901234567890 },
    JSON.parse('{"__proto__":{"x":1},"constructor":"y"}'),
  ];
  const reports = raws.map((raw) =>
    makeReport({
      name: "\u202e\ud800\0" + "n".repeat(1000),
      tags: ["\0"],
      metadata: { "a-b": "\ud800" },
      modules: [
        foundRun("pe", [
          { type: "property", field: "pe.section.name", value: "\0\ud800" },
          { type: "property", field: "pe.import", value: "i".repeat(4096) },
          { type: "property", field: "pe.import", value: "漢".repeat(4096) },
          { type: "property", field: "pe.section.entropy", value: NaN },
          { type: "property", field: "pe.overlay", value: 1e300 },
          { type: "property", field: "pe.timestamp", value: "+275760-09-13T00:00:00.000Z" },
          { type: "property", field: "no.such.field", value: 1 },
          { type: "observable", kind: "ip", value: "999.1.1.1" },
        ], raw as never),
      ],
    })
  );
  assert.deepEqual((await stores.reports.store(reports)).failed, new Map());
  for (const report of reports) {
    const found = await stores.reports.find(report.id, EVERYTHING);
    assert.ok(!found!.limits.some((limit) => limit.startsWith("stored without")), found!.limits.join());
    assert.ok(found!.limits.some((limit) => limit.includes("no.such.field")));
  }
});

Deno.test("store() lands any JSON that a module may give", async () => {
  await using stores = await testElasticsearch();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), { minLength: 20, maxLength: 40 }),
      async (raws) => {
        const reports = raws.map((raw) => makeReport({ modules: [foundRun("pe", [], raw as never)] }));
        assert.deepEqual((await stores.reports.store(reports)).failed, new Map());
        for (const report of reports) {
          const found = await stores.reports.find(report.id, EVERYTHING);
          assert.deepEqual(found!.limits, [], JSON.stringify(report.modules));
        }
      },
    ),
    { numRuns: 10 },
  );
});

Deno.test("store() stores what Elasticsearch refuses again without raw and text, and says so", async () => {
  await using stores = await testElasticsearch();
  await stores.client.indices.putSettings({
    index: `${stores.prefix}-reports`,
    settings: { "mapping.total_fields.limit": 1 },
  });
  const refused = makeReport({ modules: [foundRun("pe", [], { word: "secret" })] });
  const fine = makeReport();
  const { failed } = await stores.reports.store([refused, fine]);
  assert.deepEqual(failed, new Map());
  const found = await stores.reports.find(refused.id, EVERYTHING);
  assert.match(found!.limits.join(), /stored without raw output and text: Limit of total fields/);
  assert.ok((await stores.reports.find(fine.id, EVERYTHING))!.limits.length === 0);
  assert.equal(
    (await stores.search.search({ q: "secret", scope: "reports", size: 5 }, EVERYTHING)).total.value,
    0,
  );
});

Deno.test("store() names reports that can't be stored at all", async () => {
  await using stores = await testElasticsearch();
  const impossible = makeReport({ finished: "never" as never });
  const fine = makeReport();
  const { failed } = await stores.reports.store([impossible, fine]);
  assert.deepEqual([...failed.keys()], [impossible.id]);
  assert.match(failed.get(impossible.id)!, /date/);
  assert.notEqual(await stores.reports.find(fine.id, EVERYTHING), null);
});

Deno.test("store() writes a report to each store that it is given to", async () => {
  await using first = await testElasticsearch();
  await using second = await testElasticsearch();
  const report = makeReport();
  for (const stores of [first, second]) {
    await stores.reports.store([report]);
    assert.equal((await stores.reports.find(report.id, EVERYTHING))?.id, report.id);
  }
});
