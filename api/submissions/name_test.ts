import { MAX_NAME_LENGTH } from "@assay/core";
import assert from "node:assert/strict";
import { keepName } from "./name.ts";

Deno.test("keepName() keeps text as it is, without what no store can hold", () => {
  assert.equal(keepName("../a\n\u202eb\"'"), "../a\n\u202eb\"'");
  assert.equal(keepName("a\0b\ud800"), "a\ufffdb\ufffd");
  assert.equal(keepName(""), null);
  assert.equal(keepName(null), null);
});

Deno.test("keepName() cuts long names and marks the cut", () => {
  assert.equal(keepName("x".repeat(MAX_NAME_LENGTH)), "x".repeat(MAX_NAME_LENGTH));
  const cut = keepName("x".repeat(5000))!;
  assert.equal(cut.length, MAX_NAME_LENGTH);
  assert.equal(cut.at(-1), "…");
  assert.equal(keepName("💥".repeat(5000))!.isWellFormed(), true);
});
