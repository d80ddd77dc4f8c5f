import {
  EVERYTHING,
  type JobId,
  type ListId,
  type SearchAction,
  type Sha256,
  type Visibility,
} from "@assay/core";
import {
  type ApiKey,
  createExportFiles,
  createJobs,
  createKeys,
  createNotes,
  createSampleLists,
  createSamples,
  createSampleTags,
  createSubmissions,
  type Job,
} from "@assay/infra";
import assert from "node:assert/strict";
import { type TestPlatform, testPlatform } from "../testing.ts";
import { expireExports } from "./expire.ts";

type Asked = SearchAction extends infer A
  ? A extends SearchAction ? Omit<A, "scope" | "mode"> & { scope?: "reports" } : never
  : never;

/** A worker with samples at amber, and what jobs need. */
async function world(contents: readonly string[]) {
  const platform = await testPlatform();
  await platform.start();
  const tasks = await platform.final(await platform.submit(contents));
  await found(platform, "", contents.length);
  const keys = createKeys(platform.sql);
  const jobs = createJobs(platform.sql);
  const make = async (name: string, scopes: ApiKey["scopes"], maxTlp: ApiKey["maxTlp"] = "amber") =>
    (await keys.create({ name, scopes, maxTlp, expires: null })).key;
  return {
    platform,
    jobs,
    keys,
    make,
    sha256s: tasks.map(({ sha256 }) => sha256).sort(),
    tasks,
    async act(search: Asked, owner: ApiKey, expected: number | null = null): Promise<Job> {
      const { id } = await jobs.create(
        `search.${search.action}`,
        { search: { scope: "samples", ...search }, expected },
        owner.id,
      );
      return await over(platform, id);
    },
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}

const see = (key: ApiKey): Visibility => ({ reader: key.id, maxTlp: key.maxTlp });

async function over({ sql }: TestPlatform, id: JobId): Promise<Job> {
  for (;;) {
    const job = (await createJobs(sql).find(id))!;
    if (job.finished !== null) return job;
  }
}

/** Searches until the documents show it: they follow the change in PostgreSQL by themselves. */
async function found({ elasticsearch }: TestPlatform, q: string, count: number): Promise<void> {
  const request = { q, scope: "samples", size: 1, show: "count" } as const;
  while ((await elasticsearch.search.search(request, EVERYTHING)).total.value !== count);
}

/** Waits until the bytes are gone, as those of a deleted sample are soon. */
async function gone({ samples }: TestPlatform, sha256: Sha256): Promise<void> {
  while (await samples.has(sha256));
}

Deno.test("a whole result is tagged, untagged and put on a list, with the visibility of the key that asked", async () => {
  await using given = await world(Array.from({ length: 130 }, (_, at) => `sample ${at}`));
  const { platform, act, make, sha256s } = given;
  const alice = await make("alice", ["read", "annotate"]);
  const green = await make("green", ["read", "annotate"], "green");
  const tagged = await act({ action: "tag", q: "tag:tagged", tags: ["apt", "x"], tlp: "green" }, alice, 130);
  assert.deepEqual([tagged.status, tagged.result, tagged.done], [
    "complete",
    { samples: 130, changed: 130 },
    130,
  ]);
  await found(platform, "tag:apt", 130);
  const none = await act({ action: "tag", q: "", tags: ["seen"], tlp: "green" }, green);
  assert.deepEqual(none.result, { samples: 0, changed: 0 }, "green sees no sample");
  const some = await act({ action: "untag", sha256s: sha256s.slice(0, 110), tags: ["apt"] }, alice);
  assert.deepEqual(some.result, { samples: 110, changed: 110 });
  await found(platform, "tag:apt", 20);
  const lists = createSampleLists(platform.sql);
  const list = await lists.create({ name: "rest", description: null, tlp: null }, alice) as { id: ListId };
  assert.deepEqual((await act({ action: "add-to-list", q: "tag:apt", listId: list.id }, alice)).result, {
    samples: 20,
    changed: 20,
  });
  assert.equal((await lists.find(list.id, see(alice)))!.samples, 20);
  const foreign = await act({ action: "add-to-list", q: "", listId: list.id }, await make("bob", ["admin"]));
  assert.match(foreign.error!, /Cannot find list/);
});

Deno.test("a job stops when the key that asked is revoked, expired, or lacks the scope", async () => {
  await using given = await world(["a"]);
  const { act, keys, make } = given;
  const tag: Asked = { action: "tag", q: "", tags: ["x"], tlp: "green" };
  const revoked = await make("revoked", ["admin"]);
  await keys.revoke(revoked.id);
  assert.match((await act(tag, revoked)).error!, /'revoked' that asked for it has been revoked/);
  const old = { name: "old", scopes: ["admin"], maxTlp: "red", expires: "2020-01-01T00:00:00.000Z" } as const;
  assert.match((await act(tag, (await keys.create(old)).key)).error!, /'old' that asked for it has expired/);
  assert.match((await act(tag, await make("reader", ["read"]))).error!, /lacks 'annotate'/);
});

Deno.test("a result is analysed again, at the level of each report that was found, and once a page", async () => {
  await using given = await world(["a", "b"]);
  const { platform, act, make, sha256s } = given;
  const alice = await make("alice", ["read", "submit"], "red");
  await createSubmissions(platform.sql).create({
    owner: alice.id,
    ownerName: "alice",
    tlp: "red",
    tags: [],
    metadata: {},
    priority: "interactive",
    rescan: "latest",
    modules: null,
    password: null,
    files: [{ sha256: sha256s[0]!, size: 1, name: null }],
    maxAttempts: 3,
  }, EVERYTHING);
  await found(platform, "tlp:red", 1);
  const job = await act({ action: "rescan", q: "", modules: ["echo"], rescan: "all" }, alice);
  assert.deepEqual(job.result, { samples: 2, queued: 2 });
  const made = await platform.sql`
    select s.tlp, s.modules, s.owner, s.origin, t.sha256 from submissions s join tasks t on t.submission_id = s.id
    where s.origin is not null order by s.tlp`;
  assert.deepEqual(made.map(({ tlp }) => tlp), [2, 2], "the report that answers is the first one's");
  assert.ok(made.every(({ owner, origin }) => owner === alice.id && origin === `job:${job.id}:0:amber`));
  // The same page again, as after a crash before its checkpoint.
  await platform
    .sql`update jobs set status = 'pending', finished = null, checkpoint = null where id = ${job.id}`;
  assert.deepEqual((await over(platform, job.id)).result, { samples: 2, queued: 0 });
});

Deno.test("delete takes what the key sees, and samples that nobody else needs with all that was added", async () => {
  await using given = await world(["alone", "shared"]);
  const { platform, act, make, tasks } = given;
  const [alone, shared] = tasks.map(({ sha256 }) => sha256);
  const alice = await make("alice", ["read", "delete", "annotate"]);
  const mallory = await make("mallory", ["submit"], "red");
  const [hidden] = (await createSubmissions(platform.sql).create({
    owner: mallory.id,
    ownerName: "mallory",
    tlp: "red",
    tags: [],
    metadata: {},
    priority: "interactive",
    rescan: "all",
    modules: null,
    password: null,
    files: [{ sha256: shared!, size: 6, name: "hidden.bin" }],
    maxAttempts: 3,
  }, EVERYTHING)).tasks;
  await platform.final([hidden!]);
  await createNotes(platform.sql).add(alone!, { text: "a note", tlp: "green" }, alice, see(alice));
  await createSampleTags(platform.sql).add(
    { sha256s: [alone!, shared!], tags: ["mine"], tlp: "green" },
    alice,
    see(alice),
  );
  await found(platform, "tag:mine", 2);
  const wrong = await act({ action: "delete", q: "tag:mine" }, alice, 3);
  assert.match(wrong.error!, /3 were confirmed, 2 are found now; nothing was deleted/);
  const job = await act({ action: "delete", q: "tag:mine" }, alice, 2);
  assert.deepEqual([job.error, job.result], [null, {
    samples: 2,
    removedReports: 2,
    removedSamples: 1,
    kept: 0,
  }]);
  await gone(platform, alone!);
  assert.equal(await platform.samples.has(shared!), true);
  assert.equal(await createSamples(platform.sql).isVisible(shared!, see(alice)), false);
  for (const task of tasks) {
    assert.equal(await platform.elasticsearch.reports.find(task.id, EVERYTHING), null);
  }
  assert.notEqual(await platform.elasticsearch.reports.find(hidden!.id, EVERYTHING), null);
  await found(platform, `sha256:${alone}`, 0);
  await found(platform, `sha256:${shared}`, 1);
  const audited = await platform.sql`select target from audit where action = 'task.delete'`;
  assert.deepEqual(audited.map(({ target }) => target).sort(), tasks.map(({ id }) => id as string).sort());
});

Deno.test("of tasks that one report answers all go; of reports only those found", async () => {
  await using given = await world(["first", "second"]);
  const { platform, act, make, tasks } = given;
  const alice = await make("alice", ["admin"], "red");
  // Answered by the report of the first task.
  await platform.submit(["first"]);
  const reports = await act({ action: "delete", q: "name:*", scope: "reports" }, alice, 2);
  assert.deepEqual(reports.result, { samples: 2, removedReports: 1, removedSamples: 1, kept: 1 });
  const samples = await act({ action: "delete", sha256s: tasks.map(({ sha256 }) => sha256) }, alice);
  assert.deepEqual(samples.result, { samples: 1, removedReports: 2, removedSamples: 1, kept: 0 });
  for (const { sha256 } of tasks) await gone(platform, sha256);
});

Deno.test("an export holds every hit once, also where it was begun twice, and is removed in time", async () => {
  await using given = await world(Array.from({ length: 120 }, (_, at) => `exported ${at}`));
  const { platform, act, jobs, make, sha256s } = given;
  const alice = await make("alice", ["read"]);
  const exports = await createExportFiles({ path: platform.config.samples.path! });
  const read = async (id: JobId) => await new Response((await exports.open(id))!.stream).text();
  const hashes = await act({ action: "export", q: "", format: "hashes" }, alice, 120);
  assert.deepEqual(hashes.result, { rows: 120, bytes: 120 * 65, format: "hashes" });
  assert.equal(await read(hashes.id), sha256s.map((sha256) => `${sha256}\n`).join(""));
  // Written again from the start, as after a crash before the first checkpoint: nothing is there twice.
  await platform
    .sql`update jobs set status = 'pending', finished = null, checkpoint = null where id = ${hashes.id}`;
  assert.deepEqual((await over(platform, hashes.id)).result, hashes.result);
  assert.equal(await read(hashes.id), sha256s.map((sha256) => `${sha256}\n`).join(""));
  const lines = await act({ action: "export", q: "", format: "ndjson" }, alice);
  const items = (await read(lines.id)).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(items.map(({ sha256 }) => sha256), sha256s);
  assert.deepEqual(items[0].tags, ["echo", "tagged"]);
  const csv = await act({ action: "export", q: "", format: "csv" }, alice);
  const rows = (await read(csv.id)).split("\r\n");
  assert.equal(rows.length, 122);
  assert.match(rows[0]!, /^sha256,name,size/);
  const day = 24 * 60 * 60 * 1000;
  const expire = (now: number) => expireExports({ jobs, exports, keep: day }, now);
  const staged = exports.stage(lines.id, "pages");
  await staged.write(0, ReadableStream.from([new Uint8Array(1)]), 1);
  assert.equal(await expire(Date.now()), 0);
  await assert.rejects(staged.read(0), /Cannot find piece 0/);
  await platform.sql`update jobs set status = 'failed' where id = ${csv.id}`;
  assert.equal(await expire(Date.now()), 1, "what failed is of no use");
  assert.equal(await expire(Date.now() + 2 * day), 2);
  assert.equal(await exports.open(lines.id), null);
});
