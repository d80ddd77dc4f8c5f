import type { JobId } from "@assay/core";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

async function act(api: TestApi, body: object, key?: string) {
  const response = await api.ask("/api/v1/search/actions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(key !== undefined && { key }),
  });
  return { status: response.status, ...await response.json() };
}

Deno.test("an action needs the number that its dry run told, and makes a job of the key that asked", async () => {
  await using api = await testApi({}, { search: true });
  await api.analysed("a", "a.exe", { tlp: "green" });
  await api.analysed("b", "b.exe", { tlp: "green" });
  const key = await api.makeKey({ scopes: ["read", "annotate"], maxTlp: "green" });
  const tag = { action: "tag", q: "name:*.exe", tags: ["Apt"] };
  assert.deepEqual(await act(api, { ...tag, dryRun: true }, key.text), { status: 200, count: 2 });
  const blind = await act(api, tag, key.text);
  assert.deepEqual([blind.status, blind.code, blind.errors[0].field], [400, "invalid-request", "expected"]);
  const wrong = await act(api, { ...tag, expected: 3 }, key.text);
  assert.deepEqual([wrong.status, wrong.code], [409, "count-differs"]);
  assert.match(wrong.detail, /3 were expected, 2 are found/);
  const { status, jobId, count } = await act(api, { ...tag, expected: 2 }, key.text);
  assert.deepEqual([status, count], [202, 2]);
  const job = (await api.jobs.find(jobId))!;
  assert.deepEqual([job.kind, job.owner, job.params], ["search.tag", key.key.id, {
    search: {
      action: "tag",
      q: "name:*.exe",
      tags: ["apt"],
      mode: "default",
      scope: "samples",
      tlp: "amber",
    },
    expected: 2,
  }]);
  const own = await (await api.ask(`/api/v1/jobs/${jobId}`, { key: key.text })).json();
  assert.equal(own.status, "pending");
});

Deno.test("each action asks for its own scope, and for one thing to be done to", async () => {
  await using api = await testApi({}, { search: true });
  const { text: reader } = await api.makeKey({ scopes: ["read"] });
  const asked = {
    tag: { tags: ["x"] },
    untag: { tags: ["x"] },
    rescan: {},
    "add-to-list": { listId: "01ARZ3NDEKTSV4RRFFQ69G5FAV" },
    delete: {},
  };
  const scopes = [];
  for (const [action, more] of Object.entries(asked)) {
    const refused = await act(api, { action, q: "", ...more }, reader);
    assert.equal(refused.status, 403);
    scopes.push(refused.scope);
  }
  assert.deepEqual(scopes, ["annotate", "annotate", "submit", "annotate", "delete"]);
  assert.equal((await act(api, { action: "export", q: "", dryRun: true }, reader)).status, 200);
  const both = { action: "export", q: "", sha256s: ["f".repeat(64)] };
  for (
    const bad of [both, { action: "export" }, { ...both, q: undefined, scope: "reports" }, {
      action: "burn",
      q: "",
    }]
  ) {
    assert.equal((await act(api, bad)).status, 400, JSON.stringify(bad));
  }
  assert.equal((await act(api, { action: "export", q: "size:", dryRun: true })).code, "invalid-query");
});

Deno.test("the result of an export is its owner's once it is complete", async () => {
  await using api = await testApi();
  const own = await api.makeKey({ scopes: ["read"] });
  const search = { action: "export", q: "", scope: "samples", format: "csv" };
  const { id } = await api.jobs.create("search.export", { search, expected: 1 }, own.key.id);
  const fetchResult = (key: string, job: JobId = id) => api.ask(`/api/v1/jobs/${job}/result`, { key });
  const early = await fetchResult(own.text);
  assert.deepEqual([early.status, (await early.json()).code], [409, "job-not-complete"]);
  await api.jobs.claim(["search.export"], "w", 60_000);
  await api.exports.write(id, 1, new TextEncoder().encode("second\r\n"));
  await api.exports.write(id, 0, new TextEncoder().encode("first\r\n"));
  await api.jobs.finish(id, "w", { result: {} });
  const response = await fetchResult(own.text);
  assert.equal(response.headers.get("content-disposition"), `attachment; filename="${id}.csv"`);
  assert.equal(response.headers.get("content-length"), "15");
  assert.equal(await response.text(), "first\r\nsecond\r\n");
  assert.equal((await fetchResult(api.admin)).status, 404);
  await api.exports.remove(id);
  assert.equal((await fetchResult(own.text)).status, 404);
  const other = await api.jobs.create("search.tag", { search: { action: "tag" } }, own.key.id);
  assert.equal((await fetchResult(own.text, other.id)).status, 404);
});
