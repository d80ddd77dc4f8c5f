import { EXPORT_KIND, type JobId } from "@assay/core";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

const path = "/api/v1/exports";

async function ask(api: TestApi, method: string, at: string, key: string, body?: object) {
  const response = await api.ask(`${path}${at}`, {
    method,
    key,
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    ...(text.startsWith("{") && JSON.parse(text)),
  };
}

/** Does what the process of reports does to a job. */
async function make(api: TestApi, id: JobId, bytes: string, more: object = {}): Promise<void> {
  assert.equal((await api.jobs.claim([EXPORT_KIND], "w", 60_000))?.id, id);
  const size = await api.exports.put(id, ReadableStream.from([new TextEncoder().encode(bytes)]), 1000);
  const result = {
    reports: 2,
    failed: 0,
    failures: [],
    size,
    sha256: "f".repeat(64),
    tlp: "green",
    needs: "green",
  };
  await api.jobs.finish(id, "w", { result: { ...result, ...more } });
}

Deno.test("a file of reports is counted, confirmed, made, fetched by its owner and removed", async () => {
  await using api = await testApi({}, { search: true });
  const one = await api.analysed("a", "a.exe", { tlp: "green" });
  await api.analysed("b", "b.exe", { tlp: "green" });
  const { key, text } = await api.makeKey({ scopes: ["read"], maxTlp: "green" });
  const body = { format: "stix", container: "joined", q: "name:*.exe" };
  assert.equal((await ask(api, "POST", "", text, { ...body, dryRun: true })).text, '{"count":2}');
  const blind = await ask(api, "POST", "", text, body);
  assert.deepEqual([blind.status, blind.code, blind.errors[0].field], [400, "invalid-request", "expected"]);
  assert.equal((await ask(api, "POST", "", text, { ...body, expected: 3 })).code, "count-differs");
  const accepted = await ask(api, "POST", "", text, { ...body, expected: 2 });
  assert.deepEqual([accepted.status, accepted.count], [202, 2]);
  const { id } = accepted;
  const job = (await api.jobs.find(id))!;
  assert.deepEqual([job.kind, job.owner, job.params["expected"]], [EXPORT_KIND, key.id, 2]);
  const early = await ask(api, "GET", `/${id}/download`, text);
  assert.deepEqual([early.status, early.code], [409, "job-not-complete"]);
  const waiting = await ask(api, "GET", `/${id}`, text);
  assert.deepEqual([waiting.status, waiting.file, waiting.of.q], ["pending", null, "name:*.exe"]);

  await make(api, id, "bundle");
  const [shown] = (await ask(api, "GET", "", text)).items;
  assert.deepEqual([shown.id, shown.status, shown.file.size, shown.file.available], [
    id,
    "complete",
    6,
    true,
  ]);
  const file = await ask(api, "GET", `/${id}/download`, text);
  assert.deepEqual([file.status, file.text], [200, "bundle"]);
  assert.equal(file.headers.get("content-type"), "application/stix+json;version=2.1");
  assert.equal(file.headers.get("content-disposition"), `attachment; filename="reports-${id}.stix.json"`);
  assert.equal(file.headers.get("content-length"), "6");
  assert.equal((await ask(api, "GET", `/${id}/download`, api.admin)).status, 404);
  assert.equal((await ask(api, "DELETE", `/${id}`, text)).status, 204);
  for (const at of [`/${id}`, `/${id}/download`]) assert.equal((await ask(api, "GET", at, text)).status, 404);
  assert.equal(await api.exports.size(id), null);

  const { items } = await (await api.ask("/api/v1/audit")).json();
  const noted = items.filter(({ action }: { action: string }) => action.startsWith("export."));
  assert.deepEqual(noted.map(({ action }: { action: string }) => action), [
    "export.delete",
    "export.download",
    "export.create",
  ]);
  assert.equal(
    (await ask(api, "POST", "", text, { format: "csv", sha256s: [one.sha256], dryRun: true })).count,
    1,
  );
});

Deno.test("a file of reports counts a list's samples, and those of a submission", async () => {
  await using api = await testApi({}, { search: true });
  const one = await api.analysed("a", "a.exe", { tlp: "green" });
  const two = await api.analysed("b", "b.exe", { tlp: "red" });
  const make = await api.ask("/api/v1/lists", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "mine", tlp: "green" }),
  });
  const { id } = await make.json();
  await api.ask(`/api/v1/lists/${id}/samples`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sha256s: [one.sha256, two.sha256] }),
  });
  const { text } = await api.makeKey({ scopes: ["read"], maxTlp: "green" });
  const count = async (body: object, key: string) =>
    (await ask(api, "POST", "", key, { format: "json", dryRun: true, ...body })).count;
  assert.deepEqual([await count({ list: id }, api.admin), await count({ list: id }, text)], [2, 1]);
  assert.equal(await count({ submission: two.submissionId }, api.admin), 1);
  assert.equal(await count({ submission: one.submissionId }, text), 1);
});

Deno.test("a file of reports is refused where it is asked for wrongly, is too large, or there are too many", async () => {
  await using api = await testApi(
    { reportFiles: { maxReports: 1, maxKept: 1, keep: 60_000 } },
    { search: true },
  );
  await api.analysed("a", "a.exe", { tlp: "green" });
  const refusal = async (body: object) => {
    const { status, code } = await ask(api, "POST", "", api.admin, body);
    return [status, code];
  };
  const sha256s = ["f".repeat(64)];
  for (
    const bad of [
      { format: "json" },
      { format: "json", q: "", sha256s },
      { format: "json", sha256s, scope: "reports" },
      { format: "exe", q: "" },
      { format: "json", q: "", profile: "misp" },
      { format: "json", q: "", container: "tar" },
      { format: "stix", q: "", container: "joined", sections: ["notes"] },
      { format: "text", q: "", sections: [] },
      { format: "json", sha256s: [] },
      { format: "json", list: "../../etc" },
    ]
  ) assert.deepEqual(await refusal({ ...bad, dryRun: true }), [400, "invalid-request"], JSON.stringify(bad));
  assert.deepEqual(await refusal({ format: "json", q: "size:", dryRun: true }), [400, "invalid-query"]);
  assert.equal((await ask(api, "POST", "", api.admin, { format: "json", q: "", expected: 1 })).status, 202);
  assert.deepEqual(await refusal({ format: "json", q: "", expected: 1 }), [429, "too-many-exports"]);
  await api.analysed("b", "b.exe", { tlp: "green" });
  assert.deepEqual(await refusal({ format: "json", q: "", expected: 2 }), [413, "too-many-reports"]);
});

Deno.test("a file of reports is refused to a key whose clearance was lowered since it was made", async () => {
  await using api = await testApi();
  const { key, text } = await api.makeKey({ scopes: ["read"], maxTlp: "amber" });
  const asked = { format: "json", container: "zip", profile: null, defang: null, sections: null, q: "" };
  const fetchOf = async (needs: string) => {
    const { id } = await api.jobs.create(EXPORT_KIND, { export: asked }, key.id);
    await make(api, id, "zip", { tlp: "red", needs });
    const { status, code } = await ask(api, "GET", `/${id}/download`, text);
    return [status, code];
  };
  assert.deepEqual(await fetchOf("red"), [403, "export-beyond-clearance"]);
  assert.deepEqual(await fetchOf("amber"), [200, undefined]);
  const { id } = await api.jobs.create(EXPORT_KIND, { export: asked }, key.id);
  await make(api, id, "zip");
  await api.exports.remove(id);
  assert.equal((await ask(api, "GET", `/${id}`, text)).file.available, false);
  assert.equal((await ask(api, "GET", `/${id}/download`, text)).status, 404);
});
