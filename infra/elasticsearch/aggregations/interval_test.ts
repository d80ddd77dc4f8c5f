import { queryField } from "@assay/core";
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Axis, chooseAxis, doublingAxis, MAX_BUCKETS, readAxis, readEnd } from "./interval.ts";

const [seen, size, score] = ["seen", "size", "score"].map((name) => queryField(name)!) as [
  NonNullable<ReturnType<typeof queryField>>,
  NonNullable<ReturnType<typeof queryField>>,
  NonNullable<ReturnType<typeof queryField>>,
];
const at = (text: string) => Date.parse(text);
const days = (axis: Axis) => axis.edges.map((edge) => new Date(edge).toISOString().slice(0, 10));

Deno.test("readAxis() divides by the calendar in UTC", () => {
  assert.deepEqual(days(readAxis(seen, at("2024-01-31T12:00Z"), at("2024-04-02T00:00Z"), "1M")), [
    "2024-01-01",
    "2024-02-01",
    "2024-03-01",
    "2024-04-01",
    "2024-05-01",
  ]);
  assert.deepEqual(days(readAxis(seen, at("2023-05-01T00:00Z"), at("2024-05-01T00:00Z"), "3M")), [
    "2023-04-01",
    "2023-07-01",
    "2023-10-01",
    "2024-01-01",
    "2024-04-01",
    "2024-07-01",
  ]);
  // 2026-01-05 is a Monday.
  assert.deepEqual(days(readAxis(seen, at("2026-01-07T00:00Z"), at("2026-01-12T00:00Z"), "1w")), [
    "2026-01-05",
    "2026-01-12",
    "2026-01-19",
  ]);
  assert.deepEqual(days(readAxis(seen, at("1969-12-31T23:59Z"), at("1970-01-01T00:00Z"), "1d")), [
    "1969-12-31",
    "1970-01-01",
    "1970-01-02",
  ]);
});

Deno.test("readAxis() divides numbers without noise", () => {
  assert.deepEqual(readAxis(score, 0.05, 0.5, "0.1").edges, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  assert.deepEqual(readAxis(size, 1, 2_500_000, "1MB").edges, [0, 1e6, 2e6, 3e6]);
});

Deno.test("readAxis() refuses what is no interval and what makes too many buckets", () => {
  for (const text of ["", "1", "0d", "d", "1x", "-1d", "1.5d", "99999d"]) {
    assert.throws(
      () => readAxis(seen, 0, 1, text),
      { name: "IntervalError", message: /a span such as/ },
      text,
    );
  }
  for (const text of ["0", "-5", "x", "1d"]) {
    assert.throws(() => readAxis(size, 0, 1, text), { name: "IntervalError" }, text);
  }
  assert.throws(() => readAxis(seen, 0, 501_000, "1s"), { message: /at most 500 buckets, got '1s'/ });
  assert.throws(() => readAxis(size, 0, Number.MAX_SAFE_INTEGER, "1"), { message: /at most 500/ });
  assert.equal(readAxis(size, 0, 499, "1").edges.length, MAX_BUCKETS + 1);
});

Deno.test("chooseAxis() takes round widths", () => {
  const chosen = (field: typeof seen, min: number, max: number, wanted = 50) =>
    chooseAxis(field, min, max, wanted).interval;
  assert.equal(chosen(seen, at("2026-01-01T00:00Z"), at("2026-01-31T00:00Z")), "1d");
  assert.equal(chosen(seen, at("1970-01-01T00:00Z"), at("2026-01-01T00:00Z"), 60), "1y");
  assert.equal(chosen(seen, at("2026-01-01T00:00Z"), at("2026-01-01T00:30Z"), 60), "30s");
  assert.equal(chosen(score, 0, 100, 9), "20");
  assert.equal(chosen(score, 0, 100, 10), "10");
  assert.equal(chosen(score, 7.1, 7.2, 10), "0.01");
  assert.equal(chosen(size, 5, 5), "1");
});

Deno.test("chooseAxis() covers every range with few buckets side by side", () => {
  const covers = (field: typeof seen, low: number, high: number) =>
    fc.assert(fc.property(
      fc.integer({ min: low, max: high }),
      fc.integer({ min: low, max: high }),
      fc.integer({ min: 1, max: MAX_BUCKETS }),
      (a, b, wanted) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const { edges } = chooseAxis(field, min, max, wanted);
        assert(edges[0]! <= min && edges.at(-1)! > max);
        assert(edges.length - 1 <= wanted + 1, `${edges.length - 1} for ${wanted}`);
        for (let index = 1; index < edges.length; index++) assert(edges[index]! > edges[index - 1]!);
      },
    ));
  covers(seen, Date.UTC(1000, 0), Date.UTC(9999, 11));
  covers(size, 0, 2 ** 51);
  covers(score, -1000, 1000);
});

Deno.test("doublingAxis() doubles from the least value on", () => {
  assert.deepEqual(doublingAxis(size, 0, 5).edges, [0, 1, 2, 4, 8]);
  assert.deepEqual(doublingAxis(size, 1000, 5000).edges, [512, 1024, 2048, 4096, 8192]);
  assert.throws(() => doublingAxis(score, 0, 1), { name: "IntervalError" });
});

Deno.test("readEnd() reads ends as a query does", () => {
  const now = at("2026-01-10T00:00Z");
  assert.equal(readEnd(seen, "2026-01", "to", now), at("2026-02-01T00:00Z"));
  assert.equal(readEnd(seen, "now-7d", "from", now), at("2026-01-03T00:00Z"));
  assert.equal(readEnd(size, "1kB", "from", now), 1000);
  assert.throws(() => readEnd(seen, "yesterday", "from", now), { name: "IntervalError", message: /'from'/ });
});
