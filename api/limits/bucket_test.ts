import assert from "node:assert/strict";
import { createBuckets } from "./bucket.ts";

Deno.test("take() gives a burst, then as many a second as the rate allows, by name", () => {
  let now = 0;
  const buckets = createBuckets({ burst: 3, perSecond: 2 }, () => now);
  assert.deepEqual([1, 2, 3, 4].map(() => buckets.take("a")), [2, 1, 0, -1]);
  assert.equal(buckets.take("b"), 2);
  assert.equal(buckets.wait("a"), 0.5);
  now = 500;
  assert.equal(buckets.wait("a"), 0);
  assert.equal(buckets.take("a"), 0);
  now = 60_000;
  assert.equal(buckets.left("a"), 3);
});

Deno.test("take() with many names forgets the one unused for longest", () => {
  const buckets = createBuckets({ burst: 2, perSecond: 0.001 }, () => 0);
  buckets.take("first");
  buckets.take("second");
  for (let i = 0; i < 9_998; i++) buckets.take(`other ${i}`);
  assert.equal(buckets.left("first"), 1);
  buckets.take("one too many");
  assert.equal(buckets.left("first"), 2);
  assert.equal(buckets.left("second"), 1);
});
