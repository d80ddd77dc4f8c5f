import { EVERYTHING, type ImportedHash, type JobId, type Task, type Tlp } from "@assay/core";
import { createImports, createJobs, createKeys, type NewImport } from "@assay/infra";
import assert from "node:assert/strict";
import { type TestPlatform, testPlatform } from "../testing.ts";

const none = { count: 0, first: [] };

/** An import of hashes that a partner calls bad. */
function bad(
  source: string,
  value: string,
  tlp: Tlp,
  algorithm: ImportedHash["algorithm"] = "sha256",
): NewImport {
  const hashes = [{ algorithm, value, verdict: "bad" as const, tlp, note: "Emotet" }];
  const reading = { objects: 1, hashes, texts: [], refused: none, notUnderstood: none };
  return { source, name: null, format: "text", digest: `${source} ${tlp}`, reading, samples: new Map() };
}

/** Waits for a job and for what follows from it. */
async function judged({ sql }: TestPlatform, id: JobId) {
  const jobs = createJobs(sql);
  for (;;) {
    const job = await jobs.find(id);
    if (job?.finished && (await sql`select from outbox`).length === 0) return job;
  }
}

/** What task, report and search say of a sample, and why. */
async function said(platform: TestPlatform, id: Task["id"]) {
  const task = (await platform.tasks.find(id, EVERYTHING))!;
  const report = await platform.report(task);
  const { items } = await platform.elasticsearch.search.search(
    { q: `sha256:${task.sha256}`, scope: "samples", size: 1 },
    EVERYTHING,
  );
  return {
    levels: [task.verdict, report.verdict.level, items[0]!.verdict],
    reasons: report.verdict.reasons.map(({ heuristic, evidence }) => [heuristic, ...evidence]),
  };
}

Deno.test("an import has samples and what holds them judged anew, and so has its removal", async () => {
  await using platform = await testPlatform();
  await platform.start();
  const { key } = await createKeys(platform.sql).create({
    name: "importer",
    scopes: ["admin"],
    maxTlp: "red",
    expires: null,
  });
  const imports = createImports(platform.sql);
  const visibility = { reader: key.id, maxTlp: key.maxTlp };
  const submitted = await platform.submit(["hold\nplain|inner\n"]);
  await platform.final(submitted);
  const { items } = await platform.tasks.list(
    { submissionId: submitted[0]!.submissionId },
    { size: 10 },
    EVERYTHING,
  );
  const inner = items.find(({ depth }) => depth === 1)!;
  const outer = items.find(({ depth }) => depth === 0)!;

  const { import: made } = await imports.add(bad("cert-x", inner.sha256, "amber"), key, visibility);
  const job = await judged(platform, made.jobId!);

  assert.deepEqual([job.status, job.result], ["complete", { samples: 1, reports: 1 }]);
  assert.deepEqual(await said(platform, inner.id), {
    levels: ["malicious", "malicious", "malicious"],
    reasons: [["known-bad", "cert-x: Emotet"]],
  });
  assert.deepEqual((await said(platform, outer.id)).levels, ["malicious", "malicious", "malicious"]);

  const removal = await imports.remove(made.id, key, visibility);
  await judged(platform, removal!.jobId!);

  for (const task of [inner, outer]) {
    assert.deepEqual(await said(platform, task.id), {
      levels: ["unknown", "unknown", "unknown"],
      reasons: [],
    });
  }
});

Deno.test("what a partner told above a submission's level does not show in its report", async () => {
  await using platform = await testPlatform();
  await platform.start();
  const { key } = await createKeys(platform.sql).create({
    name: "importer",
    scopes: ["admin"],
    maxTlp: "red",
    expires: null,
  });
  const imports = createImports(platform.sql);
  const submitted = await platform.submit(["plain|restricted"]);
  await platform.final(submitted);
  const [task] = submitted;

  const { import: made } = await imports.add(bad("cert-y", task!.sha256, "red"), key, {
    reader: key.id,
    maxTlp: key.maxTlp,
  });
  await judged(platform, made.jobId!);

  assert.deepEqual(await said(platform, task!.id), {
    levels: ["unknown", "unknown", "unknown"],
    reasons: [],
  });
});
