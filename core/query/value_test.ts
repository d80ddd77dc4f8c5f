import assert from "node:assert/strict";
import { isCidr, isIp, readBoolean, readDate, readDouble, readLong } from "./value.ts";

const now = Date.parse("2026-03-31T12:34:56.789Z");
const span = (text: string) => {
  const found = readDate(text, now);
  return found && [new Date(found.from).toISOString(), new Date(found.to).toISOString()];
};

Deno.test("readLong() reads whole numbers and sizes", () => {
  const values = ["0", "-5", "500kB", "1.5MB", "1MiB", "2gb", "9007199254740991"].map(readLong);
  assert.deepEqual(values, [0, -5, 500_000, 1_500_000, 1_048_576, 2_000_000_000, 9007199254740991]);
});

Deno.test("readLong() refuses what is no whole number", () => {
  for (
    const text of [
      "",
      "1.5",
      "0x10",
      "1e5",
      "NaN",
      "Infinity",
      "9007199254740993",
      "9TB9",
      "5 kB",
      "9999999999999999TB",
    ]
  ) {
    assert.equal(readLong(text), null, text);
  }
});

Deno.test("readDouble() reads decimals only", () => {
  assert.deepEqual(["7.2", "-1", "1e3"].map(readDouble), [7.2, -1, 1000]);
  for (const text of ["", ".", "NaN", "Infinity", "1e999", "7,2"]) assert.equal(readDouble(text), null, text);
});

Deno.test("readBoolean() reads true and false, yes and no", () => {
  assert.deepEqual(["true", "Yes", "FALSE", "no", "1"].map(readBoolean), [true, true, false, false, null]);
});

Deno.test("readDate() covers the whole of a year, month or day", () => {
  assert.deepEqual(span("2024"), ["2024-01-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z"]);
  assert.deepEqual(span("2024-02"), ["2024-02-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z"]);
  assert.deepEqual(span("2024-02-29"), ["2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z"]);
  assert.deepEqual(span("2024-02-29T10:00:00+02:00"), [
    "2024-02-29T08:00:00.000Z",
    "2024-02-29T08:00:01.000Z",
  ]);
});

Deno.test("readDate() counts from now in UTC", () => {
  assert.equal(span("now-7d")?.[0], "2026-03-24T12:34:56.789Z");
  assert.equal(span("now-1h-30m")?.[0], "2026-03-31T11:04:56.789Z");
  assert.deepEqual(span("now/d"), ["2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z"]);
  assert.deepEqual(span("now/w"), ["2026-03-30T00:00:00.000Z", "2026-04-06T00:00:00.000Z"]);
  assert.deepEqual(span("now-1y/M"), ["2025-03-01T00:00:00.000Z", "2025-04-01T00:00:00.000Z"]);
});

Deno.test("readDate() refuses what is no date", () => {
  for (
    const text of [
      "",
      "now-",
      "now-7",
      "now-99999y",
      "nowadays",
      "2023-02-29",
      "2024-13",
      "0000",
      "10000",
      "2024-1-1",
      "2024-01-01T25:00:00Z",
    ]
  ) assert.equal(readDate(text, now), null, text);
});

Deno.test("isIp() and isCidr() know addresses and blocks", () => {
  for (const text of ["1.2.3.4", "::", "fe80::1", "::ffff:1.2.3.4"]) assert.ok(isIp(text), text);
  for (const text of ["1.2.3", "1.2.3.256", "::g", ":", "1:2", "a.b.c.d", "", "[::1]"]) {
    assert.ok(!isIp(text), text);
  }
  for (const text of ["10.0.0.0/8", "fe80::/10", "::/0", "1.2.3.4/32"]) assert.ok(isCidr(text), text);
  for (const text of ["10.0.0.0", "10.0.0.0/33", "::/129", "/8", "10.0.0.0/", "10/8"]) {
    assert.ok(!isCidr(text), text);
  }
});
