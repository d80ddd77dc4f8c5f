import { equalsClause, EVERYTHING, fields, parseQuery, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { findings, green, scan, secrets, secretStores, storesOf } from "./testing.ts";

type Stores = Awaited<ReturnType<typeof storesOf>>;

/** Values and counts of one field. */
async function valuesOf(
  stores: Stores,
  field: string,
  given: { q?: string; scope?: "samples" | "reports"; size?: number; prefix?: string } = {},
  visibility: Visibility = EVERYTHING,
) {
  const { items: [facet] } = await stores.numbers.facets(
    { q: "", scope: "samples", size: 10, ...given, fields: [field] },
    visibility,
  );
  return {
    ...facet!,
    counts: Object.fromEntries(facet!.values.map(({ value, count }) => [value, count])),
  };
}

Deno.test("facets() counts several fields of a result in one go", async () => {
  await using stores = await secretStores();
  const { total, items } = await stores.numbers.facets(
    { q: "tag:public", scope: "samples", fields: ["fileType", "attack", "fileType"], size: 10 },
    EVERYTHING,
  );
  assert.equal(total, 4);
  assert.deepEqual(items.map(({ field, without, exact, others }) => ({ field, without, exact, others })), [
    { field: "fileType", without: 0, exact: true, others: { count: 0, exact: true } },
    { field: "attack", without: 4, exact: true, others: { count: 0, exact: true } },
  ]);
  assert.deepEqual(items[0]!.values, [
    { value: "pe", count: 2, include: "fileType:pe", exclude: "NOT fileType:pe" },
    { value: "elf", count: 1, include: "fileType:elf", exclude: "NOT fileType:elf" },
    {
      value: "secret-type",
      count: 1,
      include: "fileType:secret-type",
      exclude: "NOT fileType:secret-type",
    },
  ]);
});

Deno.test("facets() counts a sample once whose tag is both a finding and a submission's, in any case", async () => {
  await using stores = await secretStores();
  const tags = await valuesOf(stores, "tag");
  assert.deepEqual(tags.counts, {
    public: 4,
    "operation-x": 2,
    packed: 2,
    "looked-at": 1,
    "secret-opinion": 1,
    "secret-tag": 1,
  });
  assert.deepEqual((await valuesOf(stores, "family")).counts, { Emotet: 2, secretfamily: 1 });
  assert.deepEqual((await valuesOf(stores, "tag", { scope: "reports" })).counts, {
    public: 4,
    "operation-x": 2,
    packed: 1,
    "secret-tag": 1,
  });
});

Deno.test("facets() tells a reader nothing of submissions that he may not see", async () => {
  await using stores = await secretStores();
  for (const scope of ["samples", "reports"] as const) {
    const names = fields.filter((field) => field.facet).map((field) => field.name);
    const facets = await stores.numbers.facets({
      q: "",
      scope,
      fields: [...names, "metadata.client", "module.test.status"],
      size: 50,
    }, green);
    assert.equal(facets.total, 3);
    assert.doesNotMatch(JSON.stringify(facets), secrets, scope);
    const byName = new Map(facets.items.map((facet) => [facet.field, facet]));
    const counts = (name: string) => byName.get(name)!.values.map(({ value, count }) => [value, count]);
    assert.deepEqual(counts("submitter"), [["alice", 3]]);
    assert.deepEqual(counts("tlp"), [["clear", 2], ["green", 1]]);
    assert.deepEqual(counts("name"), [["first.exe", 1], ["second.exe", 1], ["twice.exe", 1]]);
    assert.deepEqual(counts("metadata.client"), [["open", 1]]);
    assert.deepEqual(counts("module.test.status"), [["ok", 3]]);
    assert.equal(byName.get("metadata.client")!.without, 2);
    assert.deepEqual(counts("tag"), [
      ["public", 3],
      ...scope === "samples" ? [["looked-at", 1]] : [],
      ["packed", 1],
    ]);
    assert.equal(byName.get("tag")!.others.count, 0);
  }
});

Deno.test("facets() counts what the value's own query finds", async () => {
  await using stores = await secretStores();
  for (const visibility of [EVERYTHING, green]) {
    for (const scope of ["samples", "reports"] as const) {
      const facets = await stores.numbers.facets({
        q: "tag:public",
        scope,
        fields: ["tag", "family", "fileType", "name", "tlp", "submitter", "verdict"],
        size: 50,
      }, visibility);
      for (const { values, without, field } of facets.items) {
        const find = async (q: string) =>
          (await stores.search.search({ q: `(tag:public) AND ${q}`, scope, size: 1 }, visibility)).total
            .value;
        for (const { include, exclude, count } of values) {
          assert.equal(await find(include), count, include);
          assert.equal(await find(exclude), facets.total - count, exclude);
        }
        assert.equal(await find(`NOT ${field}:*`), without, field);
      }
    }
  }
});

Deno.test("facets() counts a name that is a part of another by itself, as its query does", async () => {
  await using stores = await storesOf([[scan("a", { name: "Setup.exe" })], [
    scan("b", { name: "my setup.exe" }),
  ]]);
  const { values } = await valuesOf(stores, "name");
  assert.deepEqual(values.map(({ value, count, include }) => [value, count, include]), [
    ["my setup.exe", 1, 'name:="my setup.exe"'],
    ["setup.exe", 1, "name:=setup.exe"],
  ]);
  const found = (q: string) => stores.search.search({ q, scope: "samples", size: 1 }, EVERYTHING);
  assert.equal((await found("name:setup.exe")).total.value, 2);
  assert.equal((await found("name:=setup.exe")).total.value, 1);
});

Deno.test("facets() gives query text that reads back as the value, whatever it holds", async () => {
  const hostile = [
    '") OR *',
    "a b",
    "AND",
    "back\\slash",
    'quo"te',
    "*?",
    "[1 TO 2]",
    "-x",
    "名前",
    "a:b",
    "~#@&<>.+|(){}^$",
    "line\nbreak",
    "__proto__",
    "7",
  ];
  await using stores = await storesOf([[scan("hostile", { tags: hostile, modules: [] })]]);
  const tags = await valuesOf(stores, "tag", { size: 50 });
  assert.deepEqual(new Set(tags.values.map(({ value }) => value)), new Set(hostile));
  for (const { value, include, exclude, count } of tags.values) {
    const read = parseQuery(include);
    assert(read.type === "clause");
    assert.deepEqual({ ...read, place: null }, { ...equalsClause("tag", value), place: null });
    assert.deepEqual(parseQuery(exclude).type, "not");
    assert.equal(count, 1, value);
    const narrowed = await valuesOf(stores, "tag", { size: 50, prefix: value });
    assert(narrowed.values.some((one) => one.value === value), value);
    assert(narrowed.values.every((one) => one.value.toLowerCase().startsWith(value.toLowerCase())), value);
  }
});

Deno.test("facets() lists the most frequent values and says what it left out", async () => {
  const samples = Array.from({ length: 30 }, (_, index) => [
    scan(`s${index}`, {
      tags: [`own-${index}`],
      modules: [findings({ tags: [`found-${index % 3}`, "all"], properties: { "pe.machine": `m${index}` } })],
    }),
  ]);
  await using stores = await storesOf(samples);
  const machines = await valuesOf(stores, "pe.machine", { size: 4 });
  assert.deepEqual([machines.values.length, machines.others, machines.exact], [
    4,
    { count: 26, exact: true },
    true,
  ]);
  const tags = await valuesOf(stores, "tag", { size: 4 });
  assert.deepEqual(tags.counts, { all: 30, "found-0": 10, "found-1": 10, "found-2": 10 });
  assert.deepEqual([tags.others, tags.exact], [{ count: 30, exact: true }, true]);
  const own = await valuesOf(stores, "tag", { size: 50, prefix: "OWN-1" });
  assert.equal(own.values.length, 11);
});

Deno.test("facets() says where a count is of some values only", async () => {
  const samples = Array.from({ length: 500 }, (_, index) => [
    scan(`s${index}`, {
      name: `n${index}`,
      tags: [`own-${index}`],
      modules: [findings({ tags: [`t${index}`] })],
    }),
  ]);
  await using stores = await storesOf(samples);
  const names = await valuesOf(stores, "name", { size: 5 });
  assert.deepEqual([names.exact, names.others.exact], [true, false]);
  assert(Math.abs(names.others.count - 495) <= 5, `${names.others.count}`);
  const tags = await valuesOf(stores, "tag", { size: 5 });
  // A tag that neither list holds might count one here and one there.
  assert.equal(tags.exact, false);
});

Deno.test("facets() refuses fields whose values are not counted", async () => {
  await using stores = await storesOf([]);
  for (
    const [name, message] of [
      ["md5", /'facet'/],
      ["nonsense", /name of a field/],
      ["imphash", /pe\.imphash/],
      ["raw.pe.x", /'facet'/],
      ["access.rank", /name of a field/],
    ] as const
  ) {
    await assert.rejects(valuesOf(stores, name), { name: "FieldError", message });
  }
  await assert.rejects(valuesOf(stores, "tag", { q: "(" }), { name: "QueryError" });
});
