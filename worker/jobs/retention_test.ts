import { EVERYTHING } from "@assay/core";
import { createJobs, createRetention } from "@assay/infra";
import assert from "node:assert/strict";
import { testPlatform } from "../testing.ts";
import { requestRetention } from "./schedule.ts";

Deno.test("a worker takes away what is old once a day, documents and bytes too", async () => {
  const rule = { name: "old", what: "samples", olderThan: "1d" } as const;
  await using platform = await testPlatform({ retention: [rule] });
  const { sql, config, samples } = platform;
  const worker = await platform.start();
  const submitted = await platform.submit(["old\n", "new\n"]);
  await platform.final(submitted);
  await worker.stop();
  const [old, fresh] = submitted;
  await sql`update tasks set finished = now() - interval '40 days' where id = ${old!.id}`;
  await sql`update jobs set created = now() - interval '25 hours', status = 'complete', finished = now()`;

  const retention = createRetention(sql, config.retention);
  const request = () =>
    requestRetention({ retention, jobs: createJobs(sql), postgres: config.postgres.url! });
  const asked = await Promise.all([request(), request(), request()]);
  assert.deepEqual(asked.filter(Boolean), [true], "one of many asks");
  assert.equal(await request(), false, "it is under way");
  await platform.start();
  const isOver = async () =>
    !await retention.isUnderway() && (await sql`select from outbox where subject = 'remove'`).length === 0;
  while (!await isOver());

  const jobs = await sql`select status, result from jobs where kind = 'retention' order by id desc limit 1`;
  assert.deepEqual({ ...jobs[0] }, { status: "complete", result: { samples: 1, bytes: 0, reports: 0 } });
  assert.equal(await platform.tasks.find(old!.id, EVERYTHING), null);
  assert.deepEqual([await samples.has(old!.sha256), await samples.has(fresh!.sha256)], [false, true]);
  assert.equal(await platform.elasticsearch.reports.find(old!.id, EVERYTHING), null);
  assert.equal(await request(), false, "not again today");
});
