import { EVERYTHING, type Sha256, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import fc from "fast-check";
import { createOutbox } from "./outbox.ts";
import type { ApiKey } from "./repositories.ts";
import { createSampleTags } from "./sample_tags.ts";
import { createSamples } from "./samples.ts";
import { createSubmissions } from "./submissions.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

const see = (key: ApiKey): Visibility => ({ reader: key.id, maxTlp: key.maxTlp });
const own = (key: ApiKey) => ({ ...key, any: false });

/** Samples a, b at green and c at red; alice (red) submitted them, bob is cleared to green. */
async function world() {
  const database = await testSql();
  const { sql } = database;
  const [alice, bob] = [await testKey(sql, "red", "alice"), await testKey(sql, "green", "bob")];
  const files = ["a", "b", "c"].map(testFile);
  const submissions = createSubmissions(sql);
  await submissions.create(testSubmission(alice, files.slice(0, 2), { tlp: "green" }), EVERYTHING);
  await submissions.create(testSubmission(alice, files.slice(2), { tlp: "red" }), EVERYTHING);
  await sql`delete from outbox`;
  const sha256s = files.map(({ sha256 }) => sha256);
  return {
    sql,
    alice,
    bob,
    sha256s,
    tags: createSampleTags(sql),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

Deno.test("tags go to visible samples alone, each its owner's at his level, and all changes are kept", async () => {
  await using given = await world();
  const { sql, alice, bob, sha256s, tags } = given;
  const [a, b, c] = sha256s as [Sha256, Sha256, Sha256];
  assert.deepEqual(
    (await tags.add({ sha256s, tags: ["apt"], tlp: "green" }, bob, see(bob))).sort(),
    [a, b].sort(),
  );
  await tags.add({ sha256s, tags: ["apt", "loader"], tlp: "red" }, alice, see(alice));
  const names = async (sha256: Sha256, key: ApiKey) =>
    (await tags.list(sha256, see(key))).map(({ tag, author }) => `${tag} ${author}`);
  assert.deepEqual(await names(a, bob), ["apt bob"]);
  assert.deepEqual((await names(a, alice)).sort(), ["apt alice", "apt bob", "loader alice"]);
  assert.deepEqual(await names(c, bob), []);
  assert.deepEqual(
    await tags.add({ sha256s: [a], tags: ["apt"], tlp: "green" }, bob, see(bob)),
    [],
    "nothing changed",
  );
  assert.deepEqual(await tags.add({ sha256s: [a], tags: ["apt"], tlp: "amber" }, bob, see(bob)), [a]);
  assert.deepEqual(await tags.remove({ sha256s: [a], tags: ["loader"] }, own(bob), see(bob)), []);
  assert.deepEqual(await tags.remove({ sha256s: [a], tags: ["apt"] }, { ...alice, any: true }, see(alice)), [
    a,
  ]);
  assert.deepEqual(await names(a, alice), ["loader alice"]);
  const history = async (key: ApiKey) =>
    (await tags.history(a, { size: 50 }, see(key))).items.map((one) =>
      `${one.action} ${one.tag} ${one.editor}`
    );
  assert.deepEqual((await history(bob)).sort(), ["added apt bob", "changed apt bob", "removed apt alice"]);
  assert.equal((await history(alice)).length, 6);
  const [facts] = await createSamples(sql).facts([a]);
  assert.deepEqual(facts!.tags, [{ tlp: "red", owner: alice.id, tag: "loader" }]);
});

Deno.test("count() pages through tags in order, as far as the reader sees", async () => {
  await using given = await world();
  const { alice, bob, sha256s, tags } = given;
  await tags.add({ sha256s, tags: ["b:1", "b:2", "b:3"], tlp: "green" }, alice, see(alice));
  await tags.add({ sha256s: sha256s.slice(2), tags: ["b:0", "ä", "c"], tlp: "green" }, alice, see(alice));
  const pages = async (prefix: string, key: ApiKey) => {
    const found: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page = await tags.count(prefix, { size: 2, ...(cursor && { cursor }) }, see(key));
      found.push(...page.items.map(({ tag, samples }) => `${tag}=${samples}`));
      cursor = page.cursor;
    }
    return found;
  };
  assert.deepEqual(await pages("b:", alice), ["b:0=1", "b:1=3", "b:2=3", "b:3=3"]);
  assert.deepEqual(await pages("b:", bob), ["b:1=2", "b:2=2", "b:3=2"]);
  assert.deepEqual(await pages("ä", alice), ["ä=1"]);
  assert.deepEqual((await pages("", alice)).length, 6);
});

/** A change of tags by one of two keys, as the model and the store both take it. */
const change = fc.record({
  key: fc.nat(1),
  adds: fc.boolean(),
  samples: fc.uniqueArray(fc.nat(1), { minLength: 1 }),
  tags: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { minLength: 1 }),
});

Deno.test("whatever two keys tag and untag at the same time ends as some order of it, with a history that adds up", async () => {
  await using given = await world();
  const { sql, alice, bob, sha256s, tags } = given;
  const keys = [alice, bob];
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
      await sql`truncate sample_tags, tag_changes, outbox`;
      const apply = async (one: (typeof changes)[number]) => {
        const key = keys[one.key]!;
        const what = { sha256s: one.samples.map((at) => sha256s[at]!), tags: one.tags };
        if (one.adds) await tags.add({ ...what, tlp: "green" }, key, see(key));
        else await tags.remove(what, own(key), see(key));
      };
      // Each key does one thing after the other, both at once: a key's tags end as its own order says.
      await Promise.all(
        keys.map(async (_, at) => {
          for (const one of changes.filter(({ key }) => key === at)) await apply(one);
        }),
      );
      const model = new Set<string>();
      for (const { key, adds, samples, tags: some } of changes) {
        for (const at of samples) {
          for (const tag of some) {
            const entry = `${sha256s[at]} ${tag} ${keys[key]!.id}`;
            if (adds) model.add(entry);
            else model.delete(entry);
          }
        }
      }
      const stored = await sql`select sha256 || ' ' || tag || ' ' || owner as entry from sample_tags`;
      assert.deepEqual(stored.map(({ entry }) => entry).sort(), [...model].sort());
      const summed = await sql`
        select sha256 || ' ' || tag || ' ' || owner as entry,
          sum(case action when 'added' then 1 when 'removed' then -1 else 0 end)::int as there
        from tag_changes group by 1 having sum(case action when 'added' then 1 when 'removed' then -1 else 0 end) <> 0`;
      assert.deepEqual(summed.map(({ entry }) => entry).sort(), [...model].sort());
      assert.ok(summed.every(({ there }) => there === 1));
      // Every sample that changed is asked for.
      const asked = new Set<string>();
      await createOutbox(sql).relay((rows) => {
        for (const row of rows) {
          for (const one of (row.payload as { sha256s: string[] }).sha256s) asked.add(one);
        }
        return Promise.resolve();
      }, 1000);
      const touched = await sql`select distinct sha256 from tag_changes`;
      assert.deepEqual([...asked].sort(), touched.map(({ sha256 }) => sha256).sort());
    }),
    { numRuns: 40 },
  );
});
