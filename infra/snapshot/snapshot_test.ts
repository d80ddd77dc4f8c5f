import { EVERYTHING, type Report, type TaskId } from "@assay/core";
import assert from "node:assert/strict";
import { join } from "node:path";
import { digestOf, makeReport, testElasticsearch } from "../elasticsearch/testing.ts";
import { connectPostgres, type Sql } from "../postgres/connect.ts";
import { migrate, readMigrations } from "../postgres/migrate.ts";
import { createSubmissions } from "../postgres/submissions.ts";
import { createTasks } from "../postgres/tasks.ts";
import { testFile, testKey, testSql, testSubmission } from "../postgres/testing.ts";
import { testDatabase, testName } from "../stack/testing.ts";
import { dumpDatabase, loadDatabase } from "./database.ts";
import { listSnapshots } from "./manifest.ts";
import { createSnapshot, deleteSnapshot, restoreSnapshot, type SnapshotStores } from "./snapshot.ts";

type Stores = Awaited<ReturnType<typeof testElasticsearch>>;
const signal = new AbortController().signal;

/** A folder that the node may keep snapshots in, removed at the end of `await using`. */
async function testRepository({ client }: Stores): Promise<AsyncDisposable & { readonly path: string }> {
  const { nodes } = await client.nodes.info({ metric: "settings" });
  const [node] = Object.values(nodes) as unknown as { settings: { path: { repo: string[] } } }[];
  const path = join(node!.settings.path.repo[0]!, testName());
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Takes a sample through to its stored report, as the worker does. */
async function analyse(
  sql: Sql,
  stores: Stores,
  owner: Awaited<ReturnType<typeof testKey>>,
  content: string,
) {
  const file = testFile(content);
  const { tasks: [task] } = await createSubmissions(sql).create(testSubmission(owner, [file]), EVERYTHING);
  const hold = { taskId: task!.id, attempt: 1 };
  await createTasks(sql).claim([hold], "w", 60_000);
  const report = makeReport({ id: task!.id, sha256: file.sha256, size: file.size, name: file.name });
  await stores.reports.store([report]);
  const end = { hold, revision: 1, verdict: "benign", score: 0, fileType: "text", runs: [] } as const;
  await createTasks(sql).complete([end]);
  return report;
}

async function statusOf(sql: Sql, id: TaskId): Promise<string | undefined> {
  return (await createTasks(sql).find(id, EVERYTHING))?.status;
}

Deno.test("a snapshot made while others write comes back whole, and database and indices agree", async () => {
  await using database = await testSql();
  await using stores = await testElasticsearch();
  await using repository = await testRepository(stores);
  const { sql } = database;
  const owner = await testKey(sql);
  const kept = await analyse(sql, stores, owner, "kept");
  const removed = await analyse(sql, stores, owner, "removed");
  const hostile = makeReport({ name: "tab\there\\N\nline" });
  await sql`update tasks set name = ${hostile.name} where id = ${kept.id}`;
  let late: Report | undefined;
  const indices: SnapshotStores["indices"] = {
    ...stores.snapshots,
    async create(...given) {
      // Between the database's moment and that of the indices.
      late = await analyse(sql, stores, owner, "late");
      await stores.reports.remove(removed.id);
      return await stores.snapshots.create(...given);
    },
  };
  const from: SnapshotStores = { sql, indices, repository: repository.path, signal };
  const made = await createSnapshot("one", from);
  await assert.rejects(createSnapshot("one", from), /Cannot make snapshot 'one': there is one of that name/);
  const [listed] = await listSnapshots(repository.path);
  assert.equal(listed!.manifest?.tables.find(({ name }) => name === "tasks")?.rows, 2);

  await analyse(sql, stores, owner, "after");
  await stores.reports.remove(kept.id);
  await using other = await testSql();
  const to: SnapshotStores = { ...from, sql: other.sql, indices: stores.snapshots };
  const busy = connectPostgres({ url: other.url, name: "worker", max: 1 });
  await busy`select 1`;
  await assert.rejects(restoreSnapshot("one", false, to), /Cannot restore while 'assay worker' are running/);
  await busy.end();
  const done = await restoreSnapshot("one", false, to);

  assert.deepEqual([done.dropped, done.failed], [1, 1]);
  assert.equal((await stores.reports.find(kept.id, EVERYTHING))?.sha256, kept.sha256);
  assert.equal(await stores.reports.find(late!.id, EVERYTHING), null, "the database does not know of it");
  assert.deepEqual(
    await Promise.all([kept, removed, late!].map(({ id }) => statusOf(other.sql, id))),
    ["complete", "failed", undefined],
  );
  const [row] = await other.sql`select name from tasks where id = ${kept.id}`;
  assert.equal(row!["name"], hostile.name);
  const { complete, failed } = await createTasks(other.sql).count(EVERYTHING);
  assert.deepEqual([complete, failed], [1, 1], "what triggers count is counted once");
  const found = await stores.search.search({ q: "", scope: "reports", size: 10 }, EVERYTHING);
  assert.deepEqual(found.items.map(({ reportId }) => reportId), [kept.id]);

  const next = await analyse(other.sql, stores, await testKey(other.sql), "next");
  const [after] = await other.sql`select revision from samples where sha256 = ${next.sha256}`;
  assert.ok(BigInt(after!["revision"]) > BigInt(made.revision), "later than any document's");
  await assert.rejects(restoreSnapshot("one", false, to), /--replace would throw away/);
  assert.equal((await restoreSnapshot("one", true, to)).dropped, 1);
  assert.equal(await statusOf(other.sql, next.id), undefined);
  await deleteSnapshot("one", to);
  assert.deepEqual(await listSnapshots(repository.path), []);
  await assert.rejects(restoreSnapshot("one", true, to), /there is no whole snapshot/);
  await assert.rejects(deleteSnapshot("one", to), /there is none of that name/);
});

Deno.test("loadDatabase() brings a dump of an older version to this one, and refuses that of a newer", async () => {
  const folder = await Deno.makeTempDir();
  await using older = await testDatabase();
  await using fresh = await testSql();
  const migrations = await readMigrations();
  const sql = connectPostgres({ url: older.url, name: "test", max: 2 });
  await migrate(sql, migrations.slice(0, 1));
  await sql`insert into samples (sha256, size) values (${digestOf("a")}, 7)`;
  await sql`insert into audit (action) values ('one'), ('two')`;
  const dump = await dumpDatabase(sql, folder, signal);
  await sql.end();

  await loadDatabase(fresh.sql, folder, dump, signal);
  const [row] = await fresh.sql`select size, bytes_removed from samples`;
  assert.deepEqual({ ...row }, { size: "7", bytes_removed: null });
  const [{ id } = { id: 0 }] = await fresh.sql`insert into audit (action) values ('three') returning id`;
  assert.equal(Number(id), 3, "numbers go on where they were");
  assert.deepEqual(await migrate(fresh.sql), [], "it is at this version");

  const newer = { ...dump, migrations: [...dump.migrations, "9999_future"] };
  await assert.rejects(
    loadDatabase(fresh.sql, folder, newer, signal),
    /has '9999_future', so it is of a newer version/,
  );
  const [{ count } = { count: 0 }] = await fresh.sql`select count(*)::int as count from samples`;
  assert.equal(count, 1, "nothing was changed");
  await Deno.remove(folder, { recursive: true });
});
