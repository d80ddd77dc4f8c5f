import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

const post = (body: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

Deno.test("POST /keys makes a key that works at once and whose secret is told this once", async () => {
  await using api = await testApi();
  const made = await api.ask("/api/v1/keys", post({ name: "alice", scopes: ["read"], maxTlp: "green" }));
  assert.equal(made.status, 201);
  const { key, text } = await made.json();
  assert.match(text, /^assay_[0-9A-Z]{26}_[\w-]{43}$/);
  const self = await (await api.ask("/api/v1/keys/self", { key: text })).json();
  assert.deepEqual([self.id, self.name, self.scopes, self.maxTlp], [key.id, "alice", ["read"], "green"]);
  const list = await (await api.ask("/api/v1/keys")).text();
  assert.equal(list.includes(text.slice(-43)), false);
  const audit = await (await api.ask("/api/v1/audit?action=key.create")).json();
  assert.deepEqual(audit.items.map((entry: { target: string }) => entry.target), [key.id]);
});

Deno.test("POST /keys hands out no more than the maker may see, and names what is wrong", async () => {
  await using api = await testApi();
  const amber = await api.makeKey({ scopes: ["admin"], maxTlp: "amber" });
  const ask = async (body: unknown) => {
    const response = await api.ask("/api/v1/keys", { ...post(body), key: amber.text });
    return { status: response.status, ...await response.json() };
  };
  assert.equal((await ask({ name: "x", scopes: ["read"], maxTlp: "red" })).code, "beyond-clearance");
  const wrong = await ask({ name: "", scopes: ["fly"], more: 1 });
  assert.equal(wrong.code, "invalid-request");
  assert.deepEqual(wrong.errors.map((error: { field: string }) => error.field).sort(), [
    "json",
    "name",
    "scopes.0",
  ]);
});

Deno.test("DELETE /keys/{id} revokes, but not the key that asks", async () => {
  await using api = await testApi();
  const { key, text } = await api.makeKey({});
  const revoked = await (await api.ask(`/api/v1/keys/${key.id}`, { method: "DELETE" })).json();
  assert.notEqual(revoked.revoked, null);
  assert.equal((await api.ask("/api/v1/keys/self", { key: text })).status, 401);
  const self = await (await api.ask("/api/v1/keys/self")).json();
  const own = await api.ask(`/api/v1/keys/${self.id}`, { method: "DELETE" });
  assert.deepEqual([own.status, (await own.json()).code], [409, "own-key"]);
  assert.equal((await api.ask("/api/v1/keys/01ARZ3NDEKTSV4RRFFQ69G5FAV", { method: "DELETE" })).status, 404);
});
