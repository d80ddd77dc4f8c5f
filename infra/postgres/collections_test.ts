import { EVERYTHING, type Sha256, type TaskId, type Timestamp, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { CursorError } from "../page.ts";
import { type CollectionRequest, createCollections } from "./collections.ts";
import type { Sql } from "./connect.ts";
import { createPublishing, type DueSample } from "./publishing.ts";
import type { NewVersion, PublishingTransaction } from "./publishing_transaction.ts";
import { testFile, testSql } from "./testing.ts";

const ALL: CollectionRequest = { ids: [], types: [], specVersions: [], versions: [], limit: 1000 };
const { sha256 } = testFile("published");
const report = { id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" as TaskId, sha256, stamp: "made" };

function object(number: number, given: Partial<NewVersion> = {}): NewVersion {
  const id = `indicator--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const version = given.version === undefined ? "2026-01-01T00:00:00.000Z" : given.version;
  return {
    id,
    type: "indicator",
    specVersion: "2.1",
    version,
    revoked: false,
    content: JSON.stringify({ id, version }),
    replaces: false,
    ...given,
  };
}

async function level(sql: Sql, alias = "tlp-green"): Promise<string> {
  return (await createCollections(sql).find(alias, EVERYTHING))!.id;
}

async function write(sql: Sql, work: (transaction: PublishingTransaction) => Promise<void>): Promise<void> {
  const publishing = createPublishing(sql);
  await publishing.touch([sha256]);
  const [sample] = await publishing.due(1);
  assert.equal(await publishing.write(sample!, work), true);
}

const add = (sql: Sql, collection: string, versions: readonly NewVersion[]) =>
  write(sql, (transaction) => transaction.add(collection, versions));

async function walk(sql: Sql, collection: string, request: Partial<CollectionRequest> = {}) {
  const collections = createCollections(sql);
  const records = [];
  let cursor: string | undefined;
  do {
    const page = (await collections.records(collection, { ...ALL, ...request, cursor }, EVERYTHING))!;
    records.push(...page.items);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return records;
}

Deno.test("objects added in one instant have times of their own, and pages of any size miss and repeat none", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collection = await level(sql);
  await add(sql, collection, Array.from({ length: 1000 }, (_, at) => object(at)));
  for (const limit of [1, 7, 333, 999, 1000]) {
    const records = await walk(sql, collection, { limit });
    assert.deepEqual(records.map(({ id }) => id), Array.from({ length: 1000 }, (_, at) => object(at).id));
    assert.equal(new Set(records.map(({ added }) => added)).size, 1000);
    assert.deepEqual(records.map(({ added }) => added).toSorted(), records.map(({ added }) => added));
  }
  const [, second] = await walk(sql, collection);
  const rest = await walk(sql, collection, { addedAfter: second!.added, limit: 100 });
  assert.equal(rest[0]!.id, object(2).id);
  const finer = second!.added.replace("Z", "999Z") as Timestamp;
  assert.equal((await walk(sql, collection, { addedAfter: finer }))[0]!.id, object(2).id);
});

Deno.test("times grow even where the clock stands behind the last", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collection = await level(sql);
  await add(sql, collection, [object(1)]);
  await sql`update taxii_collections set last_added = now() + interval '1 hour' where id = ${collection}`;
  await add(sql, collection, [object(2), object(3)]);
  await add(sql, collection, [object(4)]);
  const times = (await walk(sql, collection)).map(({ added }) => Date.parse(added));
  assert.deepEqual(times.toSorted((a, b) => a - b), times);
  assert(times[1]! > Date.now() + 3_000_000);
});

Deno.test("no object appears behind one that was seen, whichever of two writers commits late", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collection = await level(sql);
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const late = write(sql, async (transaction) => {
    await transaction.add(collection, [object(1)]);
    entered.resolve();
    await leave.promise;
  });
  await entered.promise;
  let isDone = false;
  const other = { ...(await createPublishing(sql).due(1))[0]! };
  const next = createPublishing(sql).write(other, (transaction) => transaction.add(collection, [object(2)]))
    .then((written) => {
      isDone = true;
      return written;
    });
  // The second waits for the first at the lock.
  while ((await sql`select from pg_locks where locktype = 'advisory' and not granted`).length === 0);
  assert.deepEqual([await walk(sql, collection), isDone], [[], false]);
  leave.resolve();
  await late;
  assert.equal(await next, true);
  assert.deepEqual((await walk(sql, collection)).map(({ id }) => id), [object(1).id, object(2).id]);
});

Deno.test("a walk that goes on while objects are added sees each once", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collection = await level(sql);
  const collections = createCollections(sql);
  await add(sql, collection, Array.from({ length: 50 }, (_, at) => object(at)));
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let round = 0; round < 40; round++) {
    if (round < 10) await add(sql, collection, [object(100 + 2 * round), object(101 + 2 * round)]);
    const page = (await collections.records(collection, { ...ALL, limit: 7, cursor }, EVERYTHING))!;
    seen.push(...page.items.map(({ id }) => id));
    if (page.cursor === null) break;
    cursor = page.cursor;
  }
  assert.equal(seen.length, 70);
  assert.equal(new Set(seen).size, 70);
});

Deno.test("versions are the newest by default, or first, last, all and those of a time", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collection = await level(sql);
  const times = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.500Z", "2026-01-03T00:00:00.000Z"];
  for (const version of times) await add(sql, collection, [object(1, { version })]);
  await add(sql, collection, [object(2, { type: "domain-name", version: null, content: "{}" })]);
  const versions = async (...wanted: CollectionRequest["versions"]) =>
    (await walk(sql, collection, { ids: [object(1).id], versions: wanted })).map(({ version }) => version);
  const trimmed = times;
  assert.deepEqual(await versions(), [trimmed[2]]);
  assert.deepEqual(await versions("last"), [trimmed[2]]);
  assert.deepEqual(await versions("first"), [trimmed[0]]);
  assert.deepEqual(await versions("first", "last"), [trimmed[0], trimmed[2]]);
  assert.deepEqual(await versions("all"), trimmed);
  assert.deepEqual(await versions("2026-01-02T00:00:00.5Z"), [trimmed[1]]);
  assert.deepEqual(await versions("2026-01-02T00:00:00.501Z"), []);
  const [bare] = await walk(sql, collection, { types: ["domain-name"] });
  assert.equal(bare!.version, bare!.added);
  assert.deepEqual(await walk(sql, collection, { specVersions: ["2.0"] }), []);
  assert.equal((await walk(sql, collection, { specVersions: ["2.0", "2.1"] })).length, 2);
});

Deno.test("a collection is shown up to its level, and a cursor goes on in its own list alone", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collections = createCollections(sql);
  const green: Visibility = { reader: null, maxTlp: "green" };
  assert.deepEqual((await collections.list(green)).map(({ alias }) => alias), ["tlp-clear", "tlp-green"]);
  assert.equal((await collections.list(EVERYTHING)).length, 5);
  const amber = await level(sql, "tlp-amber");
  assert.equal(await collections.find(amber, green), null);
  assert.equal(await collections.find("tlp-amber", green), null);
  assert.equal(await collections.records(amber, ALL, green), null);
  assert.equal(await collections.objects(amber, ALL, green), null);
  const collection = await level(sql);
  await add(sql, collection, [object(1), object(2)]);
  const { cursor } = (await collections.records(collection, { ...ALL, limit: 1 }, green))!;
  const ask = (request: Partial<CollectionRequest>, id = collection) =>
    collections.objects(id, { ...ALL, cursor: cursor!, ...request }, EVERYTHING);
  assert.deepEqual((await ask({}))!.items.map(({ id }) => id), [object(2).id]);
  await assert.rejects(ask({ types: ["malware"] }), CursorError);
  await assert.rejects(ask({}, amber), CursorError);
  await assert.rejects(ask({ cursor: "x" }), CursorError);
});

Deno.test("a page ends where contents grow large, and goes on", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collection = await level(sql);
  const large = (number: number) => object(number, { content: `"${String(number).repeat(5_000_000)}"` });
  await add(sql, collection, [large(1), large(2), object(3)]);
  const page = (await createCollections(sql).objects(collection, ALL, EVERYTHING))!;
  assert.deepEqual([page.items.length, page.cursor === null], [2, false]);
  const rest = await createCollections(sql).objects(collection, { ...ALL, cursor: page.cursor! }, EVERYTHING);
  assert.deepEqual([rest!.items.map(({ id }) => id), rest!.cursor], [[object(3).id], null]);
});

Deno.test("what many collections hold is kept once, and goes with the last", async () => {
  await using database = await testSql();
  const { sql } = database;
  const [green, red] = [await level(sql), await level(sql, "tlp-red")];
  const kept = async () => (await sql`select from taxii_contents`).length;
  await add(sql, green, [object(1), object(2)]);
  await add(sql, red, [object(1)]);
  assert.equal(await kept(), 2);
  await add(sql, green, [object(2, { version: null, content: "[]", replaces: true })]);
  assert.equal(await kept(), 2);
  const [replaced] = await walk(sql, green, { ids: [object(2).id], versions: ["all"] });
  assert.deepEqual(await walk(sql, green, { ids: [object(2).id], versions: ["first"] }), [replaced]);
  await write(sql, (transaction) => transaction.remove(green, [object(1).id, object(2).id]));
  assert.equal(await kept(), 1);
  await write(sql, (transaction) => transaction.remove(red, [object(1).id]));
  assert.equal(await kept(), 0);
});

Deno.test("an object goes with the last report that has it", async () => {
  await using database = await testSql();
  const { sql } = database;
  const collection = await level(sql);
  const other = { ...report, id: "01ARZ3NDEKTSV4RRFFQ69G5FAW" as TaskId };
  await write(sql, async (transaction) => {
    assert.deepEqual(await transaction.setReport(collection, report, ["a", "b"]), []);
    assert.deepEqual(await transaction.setReport(collection, other, ["b", "c"]), []);
    assert.deepEqual(await transaction.setReport(collection, { ...report, stamp: "again" }, ["a"]), []);
    assert.deepEqual((await transaction.dropReport(collection, other.id)).sort(), ["b", "c"]);
    assert.deepEqual(await transaction.setReport(collection, report, []), ["a"]);
  });
  const held = async () => (await createPublishing(sql).due(1))[0]!.held;
  assert.deepEqual(await held(), [{ collection, reportId: report.id, stamp: "made" }]);
});

Deno.test("a sample that is touched while it is looked at is written no more, and comes again", async () => {
  await using database = await testSql();
  const { sql } = database;
  const publishing = createPublishing(sql);
  const [other] = ["other"].map((text) => testFile(text).sha256) as [Sha256];
  await publishing.touch([sha256], true);
  await publishing.touch([other]);
  const due = async () => (await publishing.due(9)).map((sample) => sample.sha256);
  assert.deepEqual(await due(), [other, sha256], "what is new comes before what fills a collection");
  const [, sample] = await publishing.due(9) as [DueSample, DueSample];
  await publishing.touch([sha256]);
  const refused = await publishing.write(sample, () => assert.fail("it has changed"));
  assert.equal(refused, false);
  await publishing.done(sample);
  assert.deepEqual(await due(), [sha256, other]);
  const [again] = await publishing.due(1);
  await publishing.fail(again!, "it is bad");
  assert.deepEqual(await due(), [other]);
  await publishing.touch([sha256]);
  assert.deepEqual(await due(), [sha256, other]);
  await publishing.done((await publishing.due(1))[0]!);
  assert.deepEqual(await due(), [other]);
});
