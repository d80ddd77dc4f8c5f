import { EVERYTHING, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import type { Histogram } from "./numbers.ts";
import { findings, green, scan, secrets, secretStores, storesOf } from "./testing.ts";

const now = Date.UTC(2026, 0, 10);

async function corpus() {
  return await storesOf([
    [scan("a", { size: 100, finished: "2026-01-01T10:00:00.000Z" })],
    [
      scan("b", { size: 1000, finished: "2026-01-01T11:00:00.000Z" }),
      scan("b", { finished: "2025-12-30T00:00:00.000Z" }),
    ],
    [scan("c", {
      size: 70_000,
      finished: "2026-01-04T00:00:00.000Z",
      modules: [
        findings({
          properties: { "pe.section.entropy": [1.25, 7.5, 7.6], "pe.timestamp": "1992-06-19T22:22:17Z" },
        }),
      ],
    })],
  ], () => now);
}

type Stores = Awaited<ReturnType<typeof corpus>>;

function ask(
  stores: Stores,
  field: string,
  given: Record<string, unknown> = {},
  visibility: Visibility = EVERYTHING,
) {
  const request = { q: "", scope: "samples", buckets: 20, scale: "linear", field, ...given } as const;
  return stores.numbers.histogram(request, visibility);
}

const counts = (histogram: Histogram) => histogram.buckets.map(({ count }) => count);

Deno.test("histogram() divides dates by days, gaps filled, with the query of each bucket", async () => {
  await using stores = await corpus();
  const seen = await ask(stores, "seen", { interval: "1d" });
  assert.deepEqual(counts(seen), [1, 0, 2, 0, 0, 1]);
  assert.deepEqual(seen.buckets[2], {
    from: "2026-01-01T00:00:00.000Z",
    to: "2026-01-02T00:00:00.000Z",
    count: 2,
    query: 'seen:["2026-01-01T00:00:00.000Z" TO "2026-01-02T00:00:00.000Z"}',
  });
  assert.deepEqual([seen.total, seen.without, seen.below, seen.above], [3, 0, 0, 0]);
  const reports = await ask(stores, "seen", { interval: "1d", scope: "reports" });
  assert.deepEqual(counts(reports), [1, 0, 2, 0, 0, 1]);
});

Deno.test("histogram() counts in each bucket what the bucket's query finds", async () => {
  await using stores = await corpus();
  const asked = [
    ["seen", {}],
    ["seen", { scope: "reports", interval: "6h" }],
    ["size", { scale: "log" }],
    ["size", {}],
    ["pe.section.entropy", {}],
    ["pe.section.entropy", { interval: "0.1" }],
    ["pe.timestamp", {}],
    ["score", {}],
  ] as const;
  for (const [field, given] of asked) {
    const histogram = await ask(stores, field, given);
    const scope = "scope" in given ? given.scope : "samples";
    assert(histogram.buckets.length > 0, field);
    for (const { query, count } of histogram.buckets) {
      const found = await stores.search.search({ q: query, scope, size: 1 }, EVERYTHING);
      assert.equal(found.total.value, count, query);
    }
  }
});

Deno.test("histogram() keeps to the ends that are asked for and tells what is outside", async () => {
  await using stores = await corpus();
  const recent = await ask(stores, "seen", { from: "now-9d", to: "2026-01-03", interval: "1d" });
  assert.deepEqual([recent.buckets[0]!.from, recent.buckets.at(-1)!.to], [
    "2026-01-01T00:00:00.000Z",
    "2026-01-04T00:00:00.000Z",
  ]);
  assert.deepEqual([counts(recent), recent.below, recent.above], [[2, 0, 0], 1, 1]);
  const none = await ask(stores, "seen", { from: "2026-02-01", to: "2026-01-01" });
  assert.deepEqual(none.buckets, []);
  const sizes = await ask(stores, "size", { from: "0", to: "2kB", interval: "500" });
  assert.deepEqual([counts(sizes), sizes.above], [[1, 0, 1, 0], 1]);
});

Deno.test("histogram() counts a document once in a bucket, and in each of its buckets", async () => {
  await using stores = await corpus();
  const entropy = await ask(stores, "pe.section.entropy", { interval: "1" });
  assert.deepEqual(counts(entropy), [1, 0, 0, 0, 0, 0, 1]);
  assert.equal(entropy.without, 2);
  const empty = await ask(stores, "pe.section.entropy", { q: "size:<50" });
  assert.deepEqual([empty.buckets, empty.total], [[], 0]);
});

Deno.test("histogram() tells a reader nothing of submissions that he may not see", async () => {
  await using stores = await secretStores();
  for (const scope of ["samples", "reports"] as const) {
    for (const [field, buckets] of [["seen", 1], ["size", 1]] as const) {
      const histogram = await ask(stores, field, {
        scope,
        ...(field === "seen" ? { interval: "1d" } : { interval: "1kB" }),
      }, green);
      assert.equal(histogram.buckets.length, buckets);
      assert.deepEqual([counts(histogram), histogram.total, histogram.above], [[3], 3, 0]);
      assert.doesNotMatch(JSON.stringify(histogram), secrets);
      const cut = await ask(stores, field, {
        scope,
        ...(field === "seen" ? { to: "2026-01-02" } : { to: "2kB" }),
      }, green);
      assert.equal(cut.above, 0);
    }
  }
});

Deno.test("histogram() refuses words and wrong ends", async () => {
  await using stores = await corpus();
  await assert.rejects(ask(stores, "fileType"), { name: "FieldError", message: /a date or a number/ });
  await assert.rejects(ask(stores, "seen", { from: "yesterday" }), { name: "IntervalError" });
  await assert.rejects(ask(stores, "seen", { interval: "1s" }), { name: "IntervalError", message: /500/ });
  await assert.rejects(ask(stores, "score", { scale: "log" }), { name: "IntervalError" });
});
