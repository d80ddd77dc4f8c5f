import { EVERYTHING, type HuntActions, type JobId, type SavedSearchId, type Visibility } from "@assay/core";
import {
  type ApiKey,
  createHunts,
  createJobs,
  createKeys,
  createNotifications,
  createSampleTags,
  createSavedSearches,
} from "@assay/infra";
import assert from "node:assert/strict";
import { type TestPlatform, testPlatform } from "../testing.ts";

const see = (key: ApiKey): Visibility => ({ reader: key.id, maxTlp: key.maxTlp });

/** A platform with hunts of a key that sees amber. */
async function world() {
  const platform = await testPlatform({ worker: { batch: { maxWait: "1s" } } });
  const { sql } = platform;
  const keys = createKeys(sql);
  const hunts = createHunts(sql);
  const notifications = createNotifications(sql);
  const make = async (maxTlp: ApiKey["maxTlp"] = "amber") =>
    (await keys.create({
      name: `key ${maxTlp}`,
      scopes: ["read", "annotate", "submit"],
      maxTlp,
      expires: null,
    })).key;
  return {
    platform,
    keys,
    hunts,
    make,
    notifications,
    async hunt(owner: ApiKey, q: string, actions: Partial<HuntActions> = {}): Promise<SavedSearchId> {
      const given = {
        name: q,
        description: null,
        tlp: null,
        q,
        mode: "default",
        scope: "samples",
        sort: null,
      } as const;
      const { id } = await createSavedSearches(sql).create(given, owner) as { id: SavedSearchId };
      await hunts.put(id, { tags: [], tlp: "green", rescan: null, notify: true, ...actions }, see(owner));
      return id;
    },
    told: async (owner: ApiKey) =>
      (await notifications.list({ unread: false }, { size: 100 }, see(owner))).items,
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}

/** Waits until everything that was asked for is built and looked at: the outbox is empty then. */
async function settled({ sql }: TestPlatform): Promise<void> {
  while ((await sql`select from outbox limit 1`).length > 0);
}

async function over({ sql }: TestPlatform, id: JobId) {
  for (;;) {
    const job = (await createJobs(sql).find(id))!;
    if (job.finished !== null) return job;
  }
}

Deno.test("a hunt looks at each new report, with what its owner may see, and does each thing once", async () => {
  await using given = await world();
  const { platform, hunt, hunts, make, notifications, told } = given;
  const [alice, green] = [await make(), await make("green")];
  await platform.start();
  const id = await hunt(alice, "tag:tagged", { tags: ["caught"] });
  const blind = await hunt(green, "tag:tagged");
  const other = await hunt(alice, "name:nothing.exe");
  const tasks = await platform.final(await platform.submit(["one", "two"]));
  await settled(platform);
  assert.deepEqual(
    (await told(alice)).map(({ reportId }) => reportId as string).sort(),
    tasks.map(({ id }) => id as string).sort(),
  );
  assert.deepEqual(await told(green), []);
  const hits = async (search: SavedSearchId) => (await hunts.find(search, see(alice)))?.hits;
  assert.deepEqual([await hits(id), await hits(other)], [2, 0]);
  assert.equal((await hunts.find(blind, see(green)))!.hits, 0);
  for (const { sha256 } of tasks) {
    const tags = await createSampleTags(platform.sql).list(sha256, EVERYTHING);
    assert.deepEqual(tags.map(({ tag, author }) => `${tag} ${author}`), ["caught key amber"]);
  }
  // Built again without a new report: nothing more happens.
  await createSampleTags(platform.sql).add(
    { sha256s: tasks.map(({ sha256 }) => sha256), tags: ["more"], tlp: "green" },
    alice,
    see(alice),
  );
  await settled(platform);
  assert.equal(await hits(id), 2);
  const list = await notifications.list({ unread: true }, { size: 1 }, see(alice));
  assert.deepEqual([list.unread, list.items.length], [2, 1]);
  assert.equal(await notifications.markRead([list.items[0]!.id], see(green)), 0, "another's");
  assert.equal(await notifications.markRead([list.items[0]!.id], see(alice)), 1);
  assert.equal(await notifications.markRead(null, see(alice)), 1);
  assert.equal((await notifications.list({ unread: true }, { size: 1 }, see(alice))).unread, 0);
});

Deno.test("two hunts that analyse each other's hits again come to an end", async () => {
  await using given = await world();
  const { platform, hunt, hunts, make } = given;
  const alice = await make();
  await platform.start();
  const one = await hunt(alice, "size:>0", { rescan: ["echo"], notify: false });
  const two = await hunt(alice, "fileType:*", { rescan: ["echo"], notify: false });
  await platform.final(await platform.submit(["again and again"]));
  const done = async () => {
    const rows = await platform.sql`select status from tasks`;
    return rows.length === 3 && rows.every(({ status }) => status === "complete");
  };
  while (!await done());
  await settled(platform);
  assert.equal((await platform.sql`select from tasks`).length, 3);
  const hits = await Promise.all([one, two].map(async (id) => (await hunts.find(id, see(alice)))!.hits));
  assert.deepEqual(hits, [3, 3]);
});

Deno.test("a hunt of a revoked key stops and says so; one that fails says so and leaves the others alone", async () => {
  await using given = await world();
  const { platform, hunt, hunts, keys, make, told } = given;
  const [alice, bob] = [await make(), await make()];
  const stopped = await hunt(bob, "size:>0");
  const broken = await hunt(alice, "size:>0 size:<9");
  const good = await hunt(alice, "size:>=0");
  // As a version with other fields may have saved it.
  await platform.sql`update searches set q = 'nosuchfield:1' where id = ${broken}`;
  await keys.revoke(bob.id);
  await platform.start();
  await platform.final(await platform.submit(["a"]));
  await settled(platform);
  assert.match((await hunts.find(stopped, see(bob)))!.stopped!, /has been revoked/);
  const failed = (await hunts.find(broken, see(alice)))!;
  assert.match(failed.lastError!, /nosuchfield/);
  assert.deepEqual([failed.stopped, failed.hits], [null, 0]);
  assert.equal((await hunts.find(good, see(alice)))!.hits, 1);
  assert.deepEqual((await told(alice)).map(({ searchId }) => searchId), [good]);
});

Deno.test("what a killed worker left is hunted by the next one, and retro finds what was there before", async () => {
  await using given = await world();
  const { platform, hunt, hunts, make, told } = given;
  const alice = await make();
  const first = await platform.start();
  await platform.final(await platform.submit(["before"]));
  await settled(platform);
  const id = await hunt(alice, "size:>0", { tags: ["found"] });
  const tasks = await platform.final(await platform.submit(["after"]));
  await first.stop();
  // As if it had died after the document was built and before the outbox forgot it: the row is there again.
  await platform.sql`delete from hunt_hits`;
  await platform.sql`delete from notifications`;
  await platform.sql`
    insert into outbox (subject, message_id, payload)
    values ('project', 'again', ${platform.sql.json({ sha256s: [tasks[0]!.sha256] })})`;
  await platform.start();
  await settled(platform);
  assert.deepEqual((await told(alice)).map(({ reportId }) => reportId), [tasks[0]!.id]);
  const { id: job } = await createJobs(platform.sql).create("hunt.retro", { searchId: id }, alice.id);
  const end = await over(platform, job);
  assert.deepEqual([end.error, end.result], [null, { looked: 2, hits: 1 }]);
  assert.equal((await told(alice)).length, 2);
  const again = await createJobs(platform.sql).create("hunt.retro", { searchId: id }, alice.id);
  assert.deepEqual((await over(platform, again.id)).result, { looked: 2, hits: 0 });
  assert.ok((await hunts.find(id, see(alice)))!.lastHit !== null);
});
