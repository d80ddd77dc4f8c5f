import assert from "node:assert/strict";
import { entropy } from "./entropy.ts";

Deno.test("entropy() is 0 for one value, 8 for all alike, and what the formula says between", () => {
  assert.equal(entropy(new Uint8Array()), 0);
  assert.equal(entropy(new Uint8Array(1000).fill(7)), 0);
  assert.equal(entropy(Uint8Array.from({ length: 1024 }, (_, i) => i)), 8);
  assert.equal(entropy(Uint8Array.from([0, 0, 1, 1])), 1);
});
