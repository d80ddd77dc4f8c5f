import { EVERYTHING, type Sha256, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { MAX_ANNOTATIONS, TooManyAnnotationsError } from "./annotator.ts";
import { PROJECT } from "./enqueue.ts";
import { createNotes } from "./notes.ts";
import type { ApiKey } from "./repositories.ts";
import { createSamples } from "./samples.ts";
import { createSubmissions } from "./submissions.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

const { sha256 } = testFile("a");
const see = (key: ApiKey): Visibility => ({ reader: key.id, maxTlp: key.maxTlp });

/** A sample at green, its submitter alice (red), and bob, who is cleared to green. */
async function world() {
  const database = await testSql();
  const { sql } = database;
  const [alice, bob] = [await testKey(sql, "red", "alice"), await testKey(sql, "green", "bob")];
  await createSubmissions(sql).create(testSubmission(alice, [testFile("a")], { tlp: "green" }), EVERYTHING);
  await sql`delete from outbox`;
  const notes = createNotes(sql);
  const texts = async (key: ApiKey) =>
    (await notes.list(sha256, { size: 10 }, see(key))).items.map(({ text }) => text);
  return { sql, alice, bob, notes, texts, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

Deno.test("a note is seen by those who see the sample and the note, and asks for projection with its change", async () => {
  await using given = await world();
  const { sql, alice, bob, notes, texts } = given;
  const [before] = await createSamples(sql).facts([sha256]);
  const red = await notes.add(sha256, { text: "for red eyes", tlp: "red" }, alice, see(alice));
  await notes.add(sha256, { text: "for all", tlp: "clear" }, alice, see(alice));
  await notes.add(sha256, { text: "bob's own", tlp: "red" }, bob, see(bob));
  assert.deepEqual(await texts(alice), ["bob's own", "for all", "for red eyes"]);
  assert.deepEqual(await texts(bob), ["bob's own", "for all"]);
  const [facts] = await createSamples(sql).facts([sha256]);
  assert.ok(facts!.revision > before!.revision);
  assert.deepEqual(facts!.notes.map(({ text, author }) => [text, author]), [
    ["bob's own", "bob"],
    ["for all", "alice"],
    ["for red eyes", "alice"],
  ]);
  const rows = await sql`select payload from outbox where subject = ${PROJECT}`;
  assert.deepEqual(rows.map(({ payload }) => payload), Array(3).fill({ sha256s: [sha256] }));
  assert.equal(
    await notes.edit({ sha256, id: red!.id }, { text: "x", tlp: "clear", version: 1 }, bob, see(bob)),
    "not-found",
  );
  const none = "f".repeat(64) as Sha256;
  assert.equal(await notes.add(none, { text: "nowhere", tlp: "clear" }, alice, see(alice)), null);
});

Deno.test("the last change of a sample's notes is told to those who see it, a deletion too", async () => {
  await using given = await world();
  const { alice, bob, notes } = given;
  const last = (key: ApiKey) => notes.lastChange(sha256, see(key));
  assert.equal(await last(alice), null);
  const all = await notes.add(sha256, { text: "for all", tlp: "clear" }, alice, see(alice));
  assert.deepEqual([await last(alice), await last(bob)], [all!.created, all!.created]);
  const red = await notes.add(sha256, { text: "for red eyes", tlp: "red" }, alice, see(alice));
  assert.deepEqual([await last(alice), await last(bob)], [red!.created, all!.created]);
  await notes.remove({ sha256, id: all!.id }, { id: alice.id, name: "alice", any: false }, see(alice));
  const [deleted] = (await notes.versions({ sha256, id: all!.id }, true, see(bob)))!;
  assert.equal(deleted!.text, null);
  assert.deepEqual([await last(alice), await last(bob)], [deleted!.at, deleted!.at]);
});

Deno.test("edits keep every version, meet the version they mean, and are the author's alone", async () => {
  await using given = await world();
  const { alice, bob, notes, texts } = given;
  const { id } = (await notes.add(sha256, { text: "one", tlp: "red" }, alice, see(alice)))!;
  const place = { sha256, id };
  const edit = (text: string, version: number, key: ApiKey) =>
    notes.edit(place, { text, tlp: "green", version }, key, see(key));
  const second = await edit("two", 1, alice);
  assert.ok(typeof second === "object" && second.version === 2 && second.edited !== null);
  assert.equal(await edit("three", 1, alice), "changed");
  assert.equal(await edit("bob was here", 2, bob), "not-owner");
  const versions = async (key: ApiKey, any = false) =>
    (await notes.versions(place, any, see(key)))?.map(({ text }) => text) ?? null;
  assert.deepEqual(await versions(alice), ["two", "one"]);
  assert.deepEqual(await versions(bob), ["two"], "the first was for red eyes");
  assert.equal(await notes.remove(place, { ...bob, any: false }, see(bob)), "not-owner");
  assert.equal(await notes.remove(place, { ...alice, any: false }, see(alice)), "removed");
  assert.deepEqual([await texts(alice), await edit("four", 3, alice)], [[], "not-found"]);
  assert.deepEqual(await versions(alice), [null, "two", "one"]);
  assert.deepEqual([await versions(bob), await versions(bob, true)], [null, [null, "two"]]);
});

Deno.test("of ten edits of one version at the same time one is taken", async () => {
  await using given = await world();
  const { alice, notes } = given;
  const { id } = (await notes.add(sha256, { text: "one", tlp: "green" }, alice, see(alice)))!;
  const ends = await Promise.all(
    Array.from(
      { length: 10 },
      (_, at) =>
        notes.edit({ sha256, id }, { text: `edit ${at}`, tlp: "green", version: 1 }, alice, see(alice)),
    ),
  );
  assert.equal(ends.filter((end) => end === "changed").length, 9);
  const kept = ends.find((end) => typeof end === "object")!;
  const versions = await notes.versions({ sha256, id }, false, see(alice));
  assert.deepEqual(versions!.map(({ text }) => text), [kept.text, "one"]);
});

Deno.test("a key has a bounded number of notes on a sample", async () => {
  await using given = await world();
  const { alice, bob, notes, texts } = given;
  const add = (key: ApiKey) => notes.add(sha256, { text: "more", tlp: "red" }, key, see(key));
  for (let count = 0; count < MAX_ANNOTATIONS; count++) await add(alice);
  await assert.rejects(() => add(alice), TooManyAnnotationsError);
  await add(bob);
  assert.equal((await texts(bob)).length, 1);
});
