import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";
import { ROOT } from "../taxii/testing.ts";

const json = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function saved(api: TestApi, key: string): Promise<string> {
  const body = { name: "Ransomware", q: "tag:x", tlp: "green", description: "What we know" };
  return (await (await api.ask("/api/v1/searches", { ...json("POST", body), key })).json()).id;
}

Deno.test("a search is published up to its owner's level, and partners see it as a collection", async () => {
  await using api = await testApi();
  const { text: owner } = await api.makeKey({ scopes: ["read", "annotate"], maxTlp: "amber" });
  const { text: partner } = await api.makeKey({ scopes: ["taxii"], maxTlp: "green" });
  const id = await saved(api, owner);
  const path = `/api/v1/searches/${id}/publication`;
  const put = async (tlp: string, key = owner) => {
    const response = await api.ask(path, { ...json("PUT", { tlp }), key });
    return { status: response.status, ...await response.json() };
  };
  const collections = async () =>
    (await (await api.ask(`${ROOT}collections/`, { key: partner })).json()).collections;
  assert.equal((await api.ask(path, { key: owner })).status, 404);
  assert.deepEqual([(await put("red")).code, (await put("green", api.admin)).code], [
    "beyond-clearance",
    "not-owner",
  ]);
  const made = await put("green");
  assert.deepEqual([made.status, made.tlp, made.reports], [200, "green", 0]);
  const [, , collection] = await collections();
  assert.deepEqual(collection, {
    id: made.collectionId,
    title: "Ransomware",
    description: "Reports that a search finds, up to TLP:GREEN. What we know",
    can_read: true,
    can_write: false,
    media_types: ["application/stix+json;version=2.1"],
  });
  const raised = await put("amber");
  assert.notEqual(raised.collectionId, made.collectionId);
  assert.equal((await collections()).length, 2);
  assert.equal((await api.ask(path, { method: "DELETE", key: owner })).status, 204);
  assert.equal((await api.ask(path, { method: "DELETE", key: owner })).status, 404);
  const { items } = await (await api.ask("/api/v1/audit?action=publication.put")).json();
  assert.deepEqual(items.map((one: { detail: { tlp: string } }) => one.detail.tlp), ["amber", "green"]);
});
