import assert from "node:assert/strict";
import fc from "fast-check";
import { windowOf } from "./window.ts";

Deno.test("windowOf() draws what is in sight and keeps the height of the whole, wherever the list stands", () => {
  const lists = fc.record({
    count: fc.integer({ min: 0, max: 10_000 }),
    top: fc.integer({ min: 0, max: 600_000 }),
    unfolded: fc.integer({ min: -1, max: 9999 }),
    more: fc.integer({ min: 0, max: 900 }),
  });
  fc.assert(fc.property(lists, ({ count, top, unfolded, more }) => {
    const row = 52;
    const height = 600;
    const isThere = unfolded >= 0 && unfolded < count;
    const all = count * row + (isThere ? more : 0);
    const at = Math.max(0, Math.min(top, all - height));
    const seen = windowOf({ count, row, top: at, height, unfolded: isThere ? unfolded : -1, more });
    const drawn = (seen.end - seen.start) * row +
      (isThere && unfolded >= seen.start && unfolded < seen.end ? more : 0);
    assert.equal(seen.before + drawn + seen.after, all);
    assert(seen.before <= at);
    assert(seen.before + drawn >= Math.min(all, at + height));
    assert(seen.end - seen.start <= 40);
  }));
});
