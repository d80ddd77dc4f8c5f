import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

const json = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function submitted(api: TestApi, ...texts: string[]): Promise<string[]> {
  const body = new FormData();
  for (const text of texts) body.append("file", new File([text], text));
  const { tasks } = await (await api.ask("/api/v1/submissions", { method: "POST", body })).json();
  return tasks.map((task: { sha256: string }) => task.sha256).sort();
}

Deno.test("a shared list is filled by all who see it, and named by its owner alone", async () => {
  await using api = await testApi();
  const { text: other } = await api.makeKey({ name: "other", scopes: ["read", "annotate"], maxTlp: "amber" });
  const sha256s = await submitted(api, "a", "b", "c");
  const list = await (await api.ask("/api/v1/lists", json("POST", { name: "Case 7", tlp: "amber" }))).json();
  const path = `/api/v1/lists/${list.id}`;
  const put = async (some: string[], key: string) =>
    (await (await api.ask(`${path}/samples`, { ...json("POST", { sha256s: some }), key })).json()).changed;
  assert.deepEqual([await put(sha256s.slice(0, 2), api.admin), await put(sha256s, other)], [2, 1]);
  const page = await (await api.ask(`${path}/samples?size=2`)).json();
  const next = await (await api.ask(`${path}/samples?size=2&cursor=${encodeURIComponent(page.cursor)}`))
    .json();
  assert.deepEqual([...page.items, ...next.items].map(({ sha256 }) => sha256), sha256s);
  assert.deepEqual(page.items.map(({ author }: { author: string }) => author), ["admin", "admin"]);
  const refused = await api.ask(path, { ...json("PUT", { name: "Mine" }), key: other });
  assert.deepEqual([refused.status, (await refused.json()).code], [403, "not-owner"]);
  assert.equal(
    (await api.ask(`${path}/samples/${sha256s[0]}`, { method: "DELETE", key: other })).status,
    204,
  );
  assert.equal((await (await api.ask(path)).json()).samples, 2);
  const second = await (await api.ask("/api/v1/lists", json("POST", { name: "Case 8" }))).json();
  const taken = await api.ask(`/api/v1/lists/${second.id}`, json("PUT", { name: "Case 7" }));
  assert.deepEqual([taken.status, (await taken.json()).code], [409, "name-taken"]);
  assert.equal((await api.ask("/api/v1/lists", json("POST", { name: "Case 7" }))).status, 409);
  assert.equal((await api.ask(path, { method: "DELETE" })).status, 204);
  assert.equal((await api.ask(path)).status, 404);
});

Deno.test("a search is saved only where it could run, and changed by its owner alone", async () => {
  await using api = await testApi();
  const { text: other } = await api.makeKey({ scopes: ["read", "annotate"], maxTlp: "red" });
  const save = async (given: object) => {
    const response = await api.ask("/api/v1/searches", json("POST", { name: crypto.randomUUID(), ...given }));
    const { code = null, position = null } = await response.json();
    return [response.status, code, position];
  };
  assert.deepEqual(await save({ q: "verdict:malicious AND (" }), [400, "invalid-query", 23]);
  assert.deepEqual(await save({ q: "size:>1 note:x", scope: "reports" }), [400, "invalid-query", 8]);
  assert.deepEqual(await save({ q: "", sort: "colour" }), [400, "invalid-sort", null]);
  const made = await (await api.ask(
    "/api/v1/searches",
    json("POST", { name: "Packed", q: "tag:packed", sort: "-score", mode: "exact", tlp: "green" }),
  )).json();
  const path = `/api/v1/searches/${made.id}`;
  assert.deepEqual([made.scope, made.sort, made.mode, made.author], ["samples", "-score", "exact", "admin"]);
  const refused = await api.ask(path, { ...json("PUT", { name: "Packed", q: "" }), key: other });
  assert.deepEqual([refused.status, (await refused.json()).code], [403, "not-owner"]);
  const changed = await (await api.ask(path, json("PUT", { name: "Packed", q: "tag:upx", tlp: "green" })))
    .json();
  assert.deepEqual([changed.q, changed.sort], ["tag:upx", null]);
  assert.ok(changed.changed > made.changed);
  assert.equal((await (await api.ask(path, { key: other })).json()).q, "tag:upx");
});
