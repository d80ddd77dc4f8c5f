import { EVERYTHING, type KeyId, newId, QueryError, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "./testing.ts";

const alice = newId<KeyId>();
const bob = newId<KeyId>();
const green: Visibility = { reader: bob, maxTlp: "green" };
const amber: Visibility = { reader: newId<KeyId>(), maxTlp: "amber" };

/** A sample for all, on which alice wrote at red and bob at amber. */
async function annotated() {
  const stores = await testElasticsearch();
  const report = makeReport({
    sha256: digestOf("annotated"),
    tags: ["handed-in"],
    modules: [foundRun("pe", [{ type: "tag", value: "packed" }])],
  });
  const facts = factsOf([report], 1, {
    notes: [
      {
        tlp: "red",
        owner: alice,
        author: "alice",
        text: "Same builder as Operation_Nightfall, see Win.Trojan.Foo",
      },
      { tlp: "amber", owner: bob, author: "bob", text: "contacted the customer" },
    ],
    tags: [
      { tlp: "red", owner: alice, tag: "nightfall" },
      { tlp: "red", owner: alice, tag: "apt-9" },
      { tlp: "amber", owner: bob, tag: "customer" },
    ],
  });
  await stores.reports.store([report]);
  await stores.projector.project([{ facts, report }]);
  const count = async (q: string, visibility: Visibility, scope: "samples" | "reports" = "samples") =>
    (await stores.search.search({ q, scope, size: 10 }, visibility)).total.value;
  return { ...stores, count, [Symbol.asyncDispose]: stores[Symbol.asyncDispose] };
}

Deno.test("notes and analysts' tags are found by their readers, and by nobody else", async () => {
  await using stores = await annotated();
  const found: [string, red: number, owner: number, amber: number][] = [
    ["note:builder", 1, 0, 0],
    ['note:"same builder as"', 1, 0, 0],
    ["note:nightfall", 1, 0, 0],
    ["note:trojan", 1, 0, 0],
    ["note:custom*", 1, 1, 1],
    ["note:*", 1, 1, 1],
    ["noteAuthor:alice", 1, 0, 0],
    ["noteAuthor:BOB", 1, 1, 1],
    ["tag:nightfall", 1, 0, 0],
    ["tag:customer", 1, 1, 1],
    ["tag:handed-in tag:packed tag:customer", 1, 1, 1],
    ["nightfall", 1, 0, 0],
    ["contacted", 1, 1, 1],
    ["apt-9", 1, 0, 0],
    ["-tag:nightfall", 0, 1, 1],
    // Words of two notes, and a note's author and another's words, are not one entry; the sample has both.
    ["note:builder note:contacted", 1, 0, 0],
  ];
  for (const [q, ...expected] of found) {
    const counts = [
      await stores.count(q, EVERYTHING),
      await stores.count(q, green),
      await stores.count(q, amber),
    ];
    assert.deepEqual(counts, expected, q);
  }
});

Deno.test("a hit shows analysts' tags that its reader may see", async () => {
  await using stores = await annotated();
  const tags = async (visibility: Visibility) =>
    (await stores.search.search({ q: "", scope: "samples", size: 1 }, visibility)).items[0]!.tags.toSorted();
  assert.deepEqual(await tags(EVERYTHING), ["apt-9", "customer", "handed-in", "nightfall", "packed"]);
  assert.deepEqual(await tags(green), ["customer", "handed-in", "packed"]);
  assert.deepEqual(await tags({ reader: newId<KeyId>(), maxTlp: "clear" }), ["handed-in", "packed"]);
});

Deno.test("a search of reports for notes is refused with its place; tags there are the scan's own", async () => {
  await using stores = await annotated();
  for (const q of ["note:builder", "size:>0 OR noteAuthor:alice"]) {
    await assert.rejects(() => stores.count(q, EVERYTHING, "reports"), (error) => {
      assert.ok(error instanceof QueryError);
      assert.equal(error.place.start, q.indexOf("note"));
      assert.match(error.message, /notes belong to samples/);
      return true;
    });
  }
  assert.equal(await stores.count("tag:packed tag:handed-in", EVERYTHING, "reports"), 1);
  assert.equal(await stores.count("tag:nightfall", EVERYTHING, "reports"), 0);
  assert.equal(await stores.count("nightfall", EVERYTHING, "reports"), 0);
});

Deno.test("analysts' tags are counted for their readers, and notes of reports are not", async () => {
  await using stores = await annotated();
  const values = async (visibility: Visibility) => {
    const facets = await stores.numbers.facets(
      { q: "", scope: "samples", fields: ["tag"], size: 10 },
      visibility,
    );
    return facets.items[0]!.values.map(({ value, count }) => `${value}=${count}`).sort();
  };
  assert.deepEqual(await values(EVERYTHING), [
    "apt-9=1",
    "customer=1",
    "handed-in=1",
    "nightfall=1",
    "packed=1",
  ]);
  assert.deepEqual(await values(green), ["customer=1", "handed-in=1", "packed=1"]);
  assert.deepEqual(await values({ reader: newId<KeyId>(), maxTlp: "clear" }), ["handed-in=1", "packed=1"]);
  await assert.rejects(
    () => stores.numbers.statistics({ q: "", scope: "reports", field: "noteAuthor" }, EVERYTHING),
    /notes belong to samples/,
  );
});
