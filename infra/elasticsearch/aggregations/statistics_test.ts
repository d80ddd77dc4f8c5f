import { EVERYTHING, fields } from "@assay/core";
import assert from "node:assert/strict";
import { findings, green, scan, secrets, secretStores, storesOf } from "./testing.ts";

const samples = { q: "", scope: "samples" } as const;

Deno.test("statistics() measures numbers and dates", async () => {
  await using stores = await storesOf(
    Array.from({ length: 101 }, (_, index) => [
      scan(`s${index}`, {
        size: index * 10,
        finished: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
      }),
    ]),
  );
  const size = await stores.numbers.statistics({ ...samples, field: "size" }, EVERYTHING);
  assert.deepEqual([size.total, size.with, size.without, size.top], [101, 101, 0, null]);
  assert.deepEqual([size.range!.min, size.range!.max, size.range!.average], [0, 1000, 500]);
  assert.deepEqual(size.distinct, { count: 101, exact: false });
  assert.deepEqual(size.range!.percentiles.map(({ percent }) => percent), [1, 5, 25, 50, 75, 95, 99]);
  const median = size.range!.percentiles.find(({ percent }) => percent === 50)!.value;
  assert(Math.abs(Number(median) - 500) < 10, `${median}`);
  const seen = await stores.numbers.statistics({ ...samples, field: "seen" }, EVERYTHING);
  assert.deepEqual([seen.range!.min, seen.range!.max, seen.range!.average], [
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:01:40.000Z",
    "2026-01-01T00:00:50.000Z",
  ]);
});

Deno.test("statistics() lists the most and the least frequent words", async () => {
  await using stores = await storesOf([
    ...["a", "b", "c"].map((
      name,
    ) => [scan(name, { modules: [findings({ properties: { "pe.machine": "amd64" } })] })]),
    [scan("d", { modules: [findings({ properties: { "pe.machine": "ia64" } })] })],
    [scan("e")],
  ]);
  const machine = await stores.numbers.statistics({ ...samples, field: "pe.machine" }, EVERYTHING);
  assert.deepEqual([machine.with, machine.without, machine.range], [4, 1, null]);
  assert.deepEqual(machine.distinct, { count: 2, exact: true });
  assert.deepEqual(machine.top!.values.map(({ value }) => value), ["amd64", "ia64"]);
  assert.deepEqual(machine.rarest!.values.map(({ value, count }) => [value, count]), [["ia64", 1], [
    "amd64",
    3,
  ]]);
  const magic = await stores.numbers.statistics({ ...samples, field: "magic" }, EVERYTHING);
  assert.deepEqual([magic.with, magic.distinct, magic.top], [5, null, null]);
});

Deno.test("statistics() finds the rarest of many", async () => {
  await using stores = await storesOf(
    Array.from({ length: 600 }, (_, index) => [
      scan(`s${index}`, {
        name: index === 300 ? "rare" : `n${index % 299}`,
        tags: index === 7 ? ["once"] : ["often"],
      }),
    ]),
  );
  const name = await stores.numbers.statistics({ ...samples, field: "name" }, EVERYTHING);
  assert.deepEqual([name.rarest!.values[0]!.value, name.rarest!.values[0]!.count, name.rarest!.exact], [
    "rare",
    1,
    true,
  ]);
  const tag = await stores.numbers.statistics({ ...samples, field: "tag" }, EVERYTHING);
  assert.deepEqual(tag.rarest!.values.map(({ value, count }) => [value, count]), [["once", 1], [
    "often",
    599,
  ]]);
});

Deno.test("statistics() can be asked of every field, and tells nothing that the reader may not see", async () => {
  await using stores = await secretStores();
  for (const scope of ["samples", "reports"] as const) {
    for (const { name } of fields.filter((field) => scope === "samples" || !field.annotation)) {
      const told = await stores.numbers.statistics({ q: "", scope, field: name }, green);
      assert.equal(told.total, 3, name);
      assert.equal(told.with + told.without, 3, name);
      assert.doesNotMatch(JSON.stringify(told), secrets, `${scope} ${name}`);
    }
  }
  const all = await stores.numbers.statistics({ ...samples, field: "seen" }, EVERYTHING);
  assert.equal(all.range!.max, "2027-01-01T00:00:00.000Z");
  for (
    const asked of [{ ...samples, field: "nonsense" }, { q: "", scope: "reports", field: "note" }] as const
  ) {
    await assert.rejects(stores.numbers.statistics(asked, green), { name: "FieldError" });
  }
});
