import assert from "node:assert/strict";
import fc from "fast-check";
import { mergeRuns } from "./runs.ts";

Deno.test("mergeRuns() gives every line of sorted runs once, in order, whatever their portions", async () => {
  const line = fc.string({ maxLength: 3 });
  const run = fc.array(fc.array(line, { maxLength: 4 }), { maxLength: 4 });
  await fc.assert(fc.asyncProperty(fc.array(run, { maxLength: 12 }), async (given) => {
    const runs = given.map((portions) =>
      inPortions(portions.flat().sort(), portions.map(({ length }) => length))
    );
    const expected = [...new Set(given.flat(2))].sort();
    assert.deepEqual(await Array.fromAsync(mergeRuns(runs)), expected);
  }));
});

Deno.test("mergeRuns() lets go of every run where its reader leaves, and where one fails", async () => {
  const closed: string[] = [];
  async function* run(name: string, fails = false) {
    try {
      yield [`${name}1`];
      if (fails) throw new Error("broken");
      yield [`${name}2`];
    } finally {
      closed.push(name);
    }
  }
  for await (const line of mergeRuns([run("a"), run("b")])) {
    assert.equal(line, "a1");
    break;
  }
  await assert.rejects(Array.fromAsync(mergeRuns([run("c"), run("d", true)])), /broken/);
  assert.deepEqual(closed.sort(), ["a", "b", "c", "d"]);
});

async function* inPortions(lines: readonly string[], sizes: readonly number[]) {
  let at = 0;
  for (const size of sizes) yield lines.slice(at, at += size);
}
