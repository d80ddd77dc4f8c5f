import {
  EVERYTHING,
  type KeyId,
  type SavedSearchId,
  type Sha256,
  type Tlp,
  type Visibility,
} from "@assay/core";
import assert from "node:assert/strict";
import { createCollections } from "./collections.ts";
import type { Sql } from "./connect.ts";
import { createKeys } from "./keys.ts";
import { createPublications, MAX_PUBLICATIONS } from "./publications.ts";
import { createPublishing } from "./publishing.ts";
import { createSavedSearches } from "./saved_searches.ts";
import { createSubmissions } from "./submissions.ts";
import { testFile, testKey, testSql, testSubmission } from "./testing.ts";

async function saved(
  sql: Sql,
  owner: { id: KeyId; name: string },
  name = "a search",
): Promise<SavedSearchId> {
  const terms = { q: "tag:x", scope: "samples", mode: "default", sort: null } as const;
  const made = await createSavedSearches(sql).create(
    { name, description: null, tlp: "green", ...terms },
    owner,
  );
  assert(typeof made !== "string");
  return made.id;
}

Deno.test("a search is published by its owner, is another collection at another level, and goes with the search", async () => {
  await using database = await testSql();
  const { sql } = database;
  const [key, stranger] = [await testKey(sql), await testKey(sql, "red", "stranger")];
  const by: Visibility = { reader: key.id, maxTlp: "red" };
  const other: Visibility = { reader: stranger.id, maxTlp: "red" };
  const publications = createPublications(sql);
  const collections = createCollections(sql);
  const id = await saved(sql, key);
  assert.equal(await publications.find(id, by), null);
  assert.equal(await publications.put(id, "green", other), "not-owner");
  const unseen: Visibility = { reader: stranger.id, maxTlp: "clear" };
  assert.equal(await publications.put(id, "clear", unseen), "not-found");
  const made = await publications.put(id, "green", by);
  assert(typeof made !== "string");
  assert.deepEqual([made.tlp, made.reports, made.filled, made.stopped], ["green", 0, null, null]);
  const collection = await collections.find(made.collectionId, { reader: null, maxTlp: "green" });
  assert.deepEqual([collection!.search!.name, collection!.alias], ["a search", null]);
  assert.equal(await collections.find(made.collectionId, { reader: null, maxTlp: "clear" }), null);

  await createPublishing(sql).stop(made.collectionId, "the key expired");
  assert.equal((await publications.find(id, by))!.stopped, "the key expired");
  assert.equal(
    (await createPublishing(sql).collections()).find(({ search }) => search)!.search!.stopped,
    true,
  );
  const again = await publications.put(id, "green", by);
  assert.deepEqual(again, { ...made, stopped: null });
  const raised = await publications.put(id, "amber", by);
  assert(typeof raised !== "string" && raised.collectionId !== made.collectionId);
  assert.equal(await collections.find(made.collectionId, EVERYTHING), null);

  assert.equal(await publications.remove(id, false, other), "not-owner");
  assert.equal(await publications.remove(id, true, other), "removed");
  assert.equal(await publications.remove(id, false, by), "not-found");
  await publications.put(id, "amber", by);
  await createSavedSearches(sql).remove(id, false, by);
  assert.equal((await collections.list(EVERYTHING)).length, 5);
});

Deno.test("a key publishes a bounded number of searches", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const by: Visibility = { reader: key.id, maxTlp: "red" };
  const put = async (name: string) =>
    await createPublications(sql).put(await saved(sql, key, name), "green", by);
  for (let at = 0; at < MAX_PUBLICATIONS.perKey; at++) assert(typeof await put(`search ${at}`) !== "string");
  assert.equal(await put("one more"), "too-many");
});

Deno.test("a search is filled from its start when it is new and when it asks something else", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const by: Visibility = { reader: key.id, maxTlp: "red" };
  const id = await saved(sql, key);
  await createPublications(sql).put(id, "green", by);
  const publishing = createPublishing(sql);
  const found = async () => (await publishing.collections()).flatMap((one) => one.search ?? [])[0]!;
  const collection = (await publishing.collections()).find(({ search }) => search !== null)!.id;
  const state = ({ changed, filled, place }: Awaited<ReturnType<typeof found>>) => ({
    changed,
    filled,
    place,
  });
  assert.deepEqual(state(await found()), { changed: true, filled: false, place: null });
  await publishing.startFilling(collection, await found());
  assert.deepEqual(state(await found()), { changed: false, filled: false, place: null });
  const place = { after: ["abc", 1, null, true], now: 12 };
  await publishing.fill(collection, [], place);
  assert.deepEqual(state(await found()), { changed: false, filled: false, place });
  await publishing.fill(collection, [], null);
  assert.deepEqual(state(await found()), { changed: false, filled: true, place: null });
  const terms = { q: "tag:y", scope: "samples", mode: "default", sort: null } as const;
  await createSavedSearches(sql).change(id, { name: "a search", description: null, tlp: null, ...terms }, by);
  assert.deepEqual(state(await found()), { changed: true, filled: true, place: null });
});

Deno.test("keepLevels() keeps the collections that a key, a search or a partner gets, and compares a new one with every sample", async () => {
  await using database = await testSql();
  const { sql } = database;
  const publishing = createPublishing(sql);
  const keys = createKeys(sql);
  const kept = async (...partners: Tlp[]) => {
    await publishing.keepLevels(partners);
    return (await publishing.collections()).filter(({ search }) => search === null).map(({ tlp }) => tlp);
  };
  const admin = await testKey(sql);
  assert.deepEqual(await kept(), [], "an administrator may read them, but they are not made for him");
  await publishing.touch(["a".repeat(64) as Sha256]);
  assert.equal(await publishing.forget(), true);
  assert.deepEqual(await publishing.due(10), []);

  const file = testFile("there before");
  const { tasks: [task] } = await createSubmissions(sql).create(testSubmission(admin, [file]), EVERYTHING);
  await sql`update tasks set status = 'complete', report_id = id, finished = now() where id = ${task!.id}`;
  const partner = { name: "partner", scopes: ["taxii"], maxTlp: "green", expires: null } as const;
  const { key } = await keys.create(partner);
  assert.deepEqual(await kept(), ["clear", "green"]);
  assert.deepEqual((await publishing.due(10)).map(({ sha256 }) => sha256), [file.sha256]);
  assert.equal(await publishing.forget(), false);
  const [before] = await publishing.collections();
  assert.deepEqual(await kept("amber+strict", "green"), ["clear", "green", "amber+strict"]);
  assert.equal((await publishing.collections())[0]!.id, before!.id, "what is kept stays as it is");
  await createPublications(sql).put(await saved(sql, admin), "amber", { reader: admin.id, maxTlp: "red" });
  assert.deepEqual(await kept(), ["clear", "green", "amber"]);

  await keys.revoke(key.id);
  assert.deepEqual(await kept(), ["amber"]);
  while (await publishing.sweep());
  await keys.create({ ...partner, maxTlp: "clear" });
  assert.deepEqual(await kept(), ["clear", "amber"]);
});
