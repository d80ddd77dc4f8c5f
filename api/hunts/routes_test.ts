import { MAX_HUNTS } from "@assay/infra";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

const json = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function saved(api: TestApi, key: string, name = "a search"): Promise<string> {
  const made = json("POST", { name, q: "tag:x", tlp: "green" });
  return (await (await api.ask("/api/v1/searches", { ...made, key })).json()).id;
}

Deno.test("a hunt is its search's owner's, asks for the scope of what it does, and starts again when it is put", async () => {
  await using api = await testApi();
  const { text: owner, key } = await api.makeKey({ scopes: ["read", "annotate"] });
  const id = await saved(api, owner);
  const path = `/api/v1/searches/${id}/hunt`;
  const put = async (body: object, by: string) => {
    const response = await api.ask(path, { ...json("PUT", body), key: by });
    return { status: response.status, ...await response.json() };
  };
  assert.equal((await api.ask(path, { key: owner })).status, 404);
  const refused = await put({ rescan: ["pe"] }, owner);
  assert.deepEqual([refused.status, refused.scope], [403, "submit"]);
  assert.deepEqual([(await put({}, api.admin)).code], ["not-owner"]);
  const made = await put({ tags: ["Caught"] }, owner);
  assert.deepEqual([made.tags, made.tlp, made.rescan, made.notify, made.hits], [
    ["caught"],
    "amber",
    null,
    true,
    0,
  ]);
  await api.hunts.stop(made.searchId, "the key lacked something");
  await api.hunts.fail(made.searchId, "no such field");
  const stopped = await (await api.ask(path, { key: owner })).json();
  assert.deepEqual([stopped.stopped, stopped.lastError], ["the key lacked something", "no such field"]);
  const again = await put({ tags: ["caught"], notify: false }, owner);
  assert.deepEqual([again.stopped, again.lastError, again.notify], [null, null, false]);
  const retro = await api.ask(`${path}/retro`, { method: "POST", key: owner });
  assert.equal(retro.status, 202);
  const job = (await api.jobs.find((await retro.json()).jobId))!;
  assert.deepEqual([job.kind, job.owner, job.params], ["hunt.retro", key.id, { searchId: id }]);
  assert.equal((await api.ask(`${path}/retro`, { method: "POST" })).status, 403);
  assert.equal((await api.ask(path, { method: "DELETE", key: owner })).status, 204);
  assert.equal((await api.ask(path, { key: owner })).status, 404);
});

Deno.test("a key has a bounded number of live hunts", async () => {
  await using api = await testApi();
  const put = async (name: string) => {
    const id = await saved(api, api.admin, name);
    return await (await api.ask(`/api/v1/searches/${id}/hunt`, json("PUT", {}))).json();
  };
  for (let at = 0; at < MAX_HUNTS.perKey; at++) assert.equal((await put(`hunt ${at}`)).hits, 0);
  const full = await put("one more");
  assert.deepEqual([full.code, full.limit], ["too-many-hunts", MAX_HUNTS.perKey]);
});
