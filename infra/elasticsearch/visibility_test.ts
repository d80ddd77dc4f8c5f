import { EVERYTHING, type KeyId, newId, type TaskId, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "./testing.ts";

const green: Visibility = { reader: newId<KeyId>(), maxTlp: "green" };

/** A sample that two people handed in: one for all to see, one at red with a telling name. */
async function twice() {
  const stores = await testElasticsearch();
  const sha256 = digestOf("shared");
  const owner = newId<KeyId>();
  const lookup = {
    ...foundRun("lookup", [{
      type: "detection",
      engine: "vendor",
      label: "Secretfamily",
      verdict: "malicious",
    }], {
      note: "lookupnote",
    }),
    category: "lookup" as const,
  };
  const open = makeReport({
    sha256,
    name: "open.exe",
    tags: ["public"],
    finished: "2026-01-01T00:00:00.000Z",
    modules: [foundRun("pe", [], { note: "localnote" })],
  });
  const red = makeReport({
    sha256,
    owner,
    name: "merger-with-acme.exe",
    tlp: "red",
    tags: ["operation-x"],
    metadata: { client: "acme" },
    submitter: "mallory",
    parent: { sha256: digestOf("secret parent"), taskId: newId<TaskId>() },
    finished: "2026-01-05T00:00:00.000Z",
    modules: [foundRun("pe", [], { note: "localnote" }), lookup],
  });
  const hidden = makeReport({ name: "hidden.exe", tlp: "amber", owner });
  await stores.reports.store([open, red, hidden]);
  await stores.projector.project([
    { facts: factsOf([red, open]), report: red },
    { facts: factsOf([hidden]), report: hidden },
  ]);
  const names = async (q: string, visibility: Visibility, scope: "samples" | "reports" = "samples") => {
    const found = await stores.search.search({ q, scope, size: 10, sort: "sha256" }, visibility);
    assert.equal(found.total.value, found.items.length);
    return found.items.map((hit) => hit.name).sort().join();
  };
  return { ...stores, names, open, red, hidden, owner, [Symbol.asyncDispose]: stores[Symbol.asyncDispose] };
}

const secrets = [
  "name:merger*",
  "name:*acme.exe",
  "merger",
  "tag:operation-x",
  "operation-x",
  "metadata.client:acme",
  "metadata.client:*",
  "submitter:mallory",
  "tlp:red",
  "parent:*",
  `parent:${digestOf("secret parent")}`,
  digestOf("secret parent"),
  "seen:>=2026-01-04",
  "av.label:secretfamily",
  "secretfamily",
  "lookupnote",
  "text.lookup:lookupnote",
];

Deno.test("search() finds nothing by what belongs to a hidden submission", async () => {
  await using stores = await twice();
  for (const q of [...secrets, `submission:${stores.red.submissionId}`]) {
    for (const scope of ["samples", "reports"] as const) {
      assert.equal(await stores.names(q, green, scope), "", `${scope}: ${q}`);
    }
    assert.match(await stores.names(q, EVERYTHING, "reports"), /merger/, q);
  }
});

Deno.test("search() answers negations from visible submissions only", async () => {
  await using stores = await twice();
  for (const q of secrets) {
    assert.equal(await stores.names(`NOT (${q})`, green), "open.exe", q);
    assert.equal(await stores.names(`NOT (${q})`, green, "reports"), "open.exe", q);
  }
});

Deno.test("search() shows a sample with the name, tags, time and report of visible submissions", async () => {
  await using stores = await twice();
  const search = (visibility: Visibility) =>
    stores.search.search({ q: "localnote", scope: "samples", size: 10 }, visibility);
  const [hit, ...others] = (await search(green)).items;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [hit!.name, hit!.tags, hit!.seen, hit!.reportId],
    ["open.exe", ["public"], stores.open.finished, stores.open.id],
  );
  assert.doesNotMatch(JSON.stringify(hit), /merger|operation|mallory|acme/);
  const [all] = (await search(EVERYTHING)).items;
  assert.deepEqual([all!.name, all!.reportId], ["merger-with-acme.exe", stores.red.id]);
});

Deno.test("search() shows owners their own submissions above their ceiling", async () => {
  await using stores = await twice();
  const owner: Visibility = { reader: stores.owner, maxTlp: "clear" };
  assert.equal(await stores.names("name:merger*", owner), "merger-with-acme.exe");
  assert.equal(await stores.names("", owner), "hidden.exe,merger-with-acme.exe");
  assert.equal(await stores.names("", green), "open.exe");
});

Deno.test("find() and latest() hide reports of hidden submissions", async () => {
  await using stores = await twice();
  assert.equal(await stores.reports.find(stores.red.id, green), null);
  assert.equal((await stores.reports.find(stores.open.id, green))?.name, "open.exe");
  const latest = async (visibility: Visibility) =>
    (await stores.reports.latest([stores.red.sha256, stores.hidden.sha256], visibility))
      .values().map((report) => report.name).toArray().sort().join();
  assert.equal(await latest(green), "open.exe");
  assert.equal(await latest(EVERYTHING), "hidden.exe,merger-with-acme.exe");
});

Deno.test("search() sorts by the time of visible submissions only", async () => {
  await using stores = await testElasticsearch();
  const [a, b] = [digestOf("a"), digestOf("b")];
  const at = (date: number) => `2026-02-0${date}T00:00:00.000Z`;
  const aOpen = makeReport({ sha256: a, name: "a", finished: at(1) });
  const aRed = makeReport({ sha256: a, name: "a-red", tlp: "red", finished: at(5) });
  const bOpen = makeReport({ sha256: b, name: "b", finished: at(3) });
  await stores.projector.project([
    { facts: factsOf([aRed, aOpen]), report: aRed },
    { facts: factsOf([bOpen]), report: bOpen },
  ]);
  const order = async (visibility: Visibility) =>
    (await stores.search.search({ q: "", scope: "samples", size: 2 }, visibility)).items.map((hit) =>
      hit.name
    );
  assert.deepEqual(await order(green), ["b", "a"]);
  assert.deepEqual(await order(EVERYTHING), ["a-red", "b"]);
});
