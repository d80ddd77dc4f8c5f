import { EVERYTHING } from "@assay/core";
import assert from "node:assert/strict";
import { join } from "node:path";
import { makeReport, testElasticsearch } from "../elasticsearch/testing.ts";
import { connectPostgres } from "../postgres/connect.ts";
import { migrate } from "../postgres/migrate.ts";
import { testDatabase, testStack } from "../stack/testing.ts";
import { verbs } from "./verbs.ts";

/** The verb as `deno task assay` runs it, in a process that can be killed. */
function reindex(prefix: string, postgres: string, ...args: string[]): Deno.ChildProcess {
  const { permissions, file } = verbs.find(({ name }) => name === "reindex")!;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions, join(import.meta.dirname!, file), ...args],
    env: {
      ASSAY_POSTGRES_URL: postgres,
      ASSAY_ELASTICSEARCH_URL: testStack().elasticsearch,
      ASSAY_ELASTICSEARCH_INDEX_PREFIX: prefix,
      NO_COLOR: "1",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function ended(child: Deno.ChildProcess): Promise<{ code: number; out: string }> {
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout) + text.decode(stderr) };
}

Deno.test("assay reindex goes on after kill -9, tells what it would do, and deletes the old index when asked", async () => {
  await using stores = await testElasticsearch();
  await using database = await testDatabase();
  const sql = connectPostgres({ url: database.url, name: "test", max: 1 });
  await migrate(sql);
  await sql.end();
  const alias = `${stores.prefix}-reports`;
  const reports = Array.from({ length: 600 }, () => makeReport());
  await stores.reports.store(reports);

  const dry = await ended(reindex(stores.prefix, database.url, "--dry-run"));
  assert.equal(dry.code, 0, dry.out);
  assert.match(dry.out, new RegExp(`${alias}-000001 +live +600 documents .* mapping of this version`));

  const first = reindex(stores.prefix, database.url, "--force");
  const errors = first.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let said = ""; !/copying/.test(said);) {
    const { value, done } = await errors.read();
    assert.ok(!done, `It ended before it could be killed: ${said}`);
    said += value;
  }
  first.kill("SIGKILL");
  await first.status;
  await Promise.all([errors.cancel(), first.stdout.cancel()]);
  const { id } = makeReport();
  await stores.reports.store([makeReport({ id })]);

  const second = await ended(reindex(stores.prefix, database.url, "--force", "--drop-old"));
  assert.equal(second.code, 0, second.out);
  assert.match(second.out, /601 documents moved from '.*-000001' to '.*-00000\d'/);
  assert.match(second.out, new RegExp(`Deleted '${alias}-000001'`));
  assert.equal((await stores.reports.find(id, EVERYTHING))?.id, id);

  const idle = await ended(reindex(stores.prefix, database.url));
  assert.match(idle.out, /nothing to do/i);
  const wrong = await ended(reindex(stores.prefix, database.url, "everything"));
  assert.equal(wrong.code, 1);
  assert.match(wrong.out, /'everything'/);
});
