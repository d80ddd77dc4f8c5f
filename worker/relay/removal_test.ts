import { EVERYTHING } from "@assay/core";
import {
  createKnownHashes,
  createOutbox,
  createParents,
  createPublishing,
  createRemovals,
  createRetention,
  createSamples,
  createTasks,
  REMOVE,
} from "@assay/infra";
import assert from "node:assert/strict";
import { testPlatform } from "../testing.ts";
import { keepRecent } from "./recent.ts";
import { projectSamples, runRelay } from "./relay.ts";

Deno.test("runRelay() deletes documents and bytes of what is forgotten, but not what was handed in again", async () => {
  await using platform = await testPlatform();
  const worker = await platform.start();
  const submitted = await platform.submit(["one\n", "two\n"]);
  const tasks = await platform.final(submitted);
  const reports = await Promise.all(tasks.map((task) => platform.report(task)));
  await worker.stop();
  const { sql, samples, elasticsearch } = platform;
  await sql`update tasks set finished = now() - interval '40 days'`;
  const rule = { name: "old", olderThan: 86_400_000, tags: [], tlp: [], verdict: [] };
  const { removed } = await createRetention(sql, [{ ...rule, what: "samples" }]).next("samples", null);
  assert.equal(removed.length, 2);
  const again = submitted[0]!.sha256;
  await platform.submit(["one\n"]);

  const facts = createSamples(sql);
  const dependencies = {
    outbox: createOutbox(sql),
    queue: platform.queue,
    samples: facts,
    tasks: createTasks(sql),
    reports: elasticsearch.reports,
    projector: elasticsearch.projector,
    parents: createParents(sql),
    knownHashes: createKnownHashes(sql),
    removals: createRemovals(sql),
    store: samples,
    recent: keepRecent(10),
    publishing: createPublishing(sql),
    hunt: () => Promise.resolve(),
  };
  const stop = new AbortController();
  const relayed = runRelay(dependencies, stop.signal);
  while ((await sql`select from outbox where subject = ${REMOVE}`).length > 0);
  stop.abort();
  await relayed;
  for (const { id } of tasks) assert.equal(await elasticsearch.reports.find(id, EVERYTHING), null);
  const gone = submitted[1]!.sha256;
  assert.deepEqual([await samples.has(again), await samples.has(gone)], [true, false]);

  const late = {
    facts: { ...removedFacts(gone), revision: 1e9 },
    report: reports.find(({ sha256 }) => sha256 === gone)!,
  };
  dependencies.recent.add(late.report);
  await projectSamples([gone], { ...dependencies, samples: { facts: () => Promise.resolve([late.facts]) } });
  const { total } = await elasticsearch.search.search(
    { q: `sha256:${gone}`, scope: "samples", size: 1 },
    EVERYTHING,
  );
  assert.equal(total.value, 0, "a document built before the removal does not come back after it");

  function removedFacts(sha256: typeof gone) {
    const report = reports.find((one) => one.sha256 === sha256)!;
    const { submissionId, id, tlp, owner, submitter, name, tags, metadata, finished } = report;
    const submission = {
      submissionId,
      tlp,
      owner,
      submitter,
      name,
      tags,
      metadata,
      parentSha256: null,
      seen: finished,
    };
    return {
      sha256,
      size: report.size,
      firstSeen: report.submitted,
      notes: [],
      tags: [],
      submissions: [{ ...submission, taskId: id, reportId: id, reportRevision: report.revision }],
    };
  }
});
