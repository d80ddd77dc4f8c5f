import { EVERYTHING, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { findings, green, scan, secrets, secretStores, storesOf } from "./testing.ts";
import { findSignificant, jlh } from "./significant.ts";

type Stores = Awaited<ReturnType<typeof storesOf>>;

async function standOut(
  stores: Stores,
  q: string,
  fields?: string[],
  visibility: Visibility = EVERYTHING,
  scope: "samples" | "reports" = "samples",
) {
  const found = await stores.numbers.significant({ q, scope, size: 5, fields }, visibility);
  return {
    ...found,
    values: found.items.flatMap(({ field, values }) =>
      values.map(({ value, count, backgroundCount }) => `${field} ${value} ${count}/${backgroundCount}`)
    ),
  };
}

/** Forty samples: every one imports malloc, ten of a family share an import, a tag and a submitter besides. */
async function corpus() {
  return await storesOf(Array.from({ length: 40 }, (_, index) => {
    const special = index < 10;
    const modules = [findings({
      families: special ? [index % 2 ? "Evil" : "evil"] : [],
      properties: {
        "pe.import": ["c.dll!malloc", ...special ? ["n.dll!NtUnmap"] : [], `x.dll!f${index % 2}`],
      },
    })];
    return [
      scan(`s${index}`, {
        submitter: index < 11 ? "sensor" : "bob",
        tags: special ? ["wave-1"] : ["other"],
        modules,
      }),
    ];
  }));
}

Deno.test("significant() finds what stands out, with its counts in both", async () => {
  await using stores = await corpus();
  const found = await standOut(stores, "family:evil", ["pe.import", "tag", "submitter", "fileType"]);
  assert.deepEqual([found.total, found.background], [10, 40]);
  assert.deepEqual(found.values, [
    "pe.import n.dll!ntunmap 10/10",
    "tag wave-1 10/10",
    "submitter sensor 10/11",
  ]);
  assert.equal(found.items[0]!.values[0]!.score, jlh(1, 10 / 40));
  assert.equal(found.items[0]!.values[0]!.include, 'pe.import:="n.dll!ntunmap"');
  const all = await standOut(stores, "tag:wave-1");
  assert(
    all.values.includes("family evil 10/10") || all.values.includes("family Evil 10/10"),
    all.values.join(),
  );
});

Deno.test("significant() finds nothing in everything and in nothing", async () => {
  await using stores = await corpus();
  assert.deepEqual((await standOut(stores, "")).items, []);
  assert.deepEqual((await standOut(stores, "tag:none")).items, []);
  await assert.rejects(standOut(stores, "", ["md5"]), { name: "FieldError" });
});

Deno.test("significant() compares with what the reader may see alone", async () => {
  await using stores = await secretStores();
  for (const scope of ["samples", "reports"] as const) {
    for (const q of ["fileType:pe", "tag:public", "family:emotet", "size:>1", "name:first.exe"]) {
      const found = await standOut(stores, q, undefined, green, scope);
      assert.equal(found.background, 3);
      assert.doesNotMatch(JSON.stringify(found), secrets, q);
      for (const { values } of found.items) {
        for (const { backgroundCount, count } of values) {
          assert(count <= backgroundCount && backgroundCount <= 3);
        }
      }
    }
    // A hidden sample is public, too: a reader who sees it has four.
    const seen = await standOut(stores, "fileType:elf", ["tag", "family"], EVERYTHING, scope);
    assert.equal(seen.background, scope === "samples" ? 4 : 5);
    assert.deepEqual((await standOut(stores, "NOT fileType:elf", ["tag"], green, scope)).values, [
      "tag packed 1/1",
    ]);
  }
});

Deno.test("significant() looks for values in a part of a large result and counts them in all of it", async () => {
  await using stores = await corpus();
  const source = {
    client: stores.client,
    aliases: { samples: `${stores.prefix}-samples`, reports: `${stores.prefix}-reports` },
    timeout: 10_000,
    clock: Date.now,
  };
  const request = {
    q: "tag:other",
    scope: "samples",
    fields: ["tag", "submitter", "pe.import"],
    size: 5,
  } as const;
  const found = await findSignificant(source, request, EVERYTHING, 14);
  assert.deepEqual([found.total, found.background, found.sampled], [30, 40, true]);
  const [tag] = found.items;
  assert.deepEqual(tag!.values.map(({ value, count, backgroundCount }) => [value, count, backgroundCount]), [
    ["other", 30, 30],
  ]);
});
