import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

const json = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

Deno.test("tags are added and taken off by keys that may annotate, whatever letters they have", async () => {
  await using api = await testApi({}, { search: true });
  const { sha256 } = await submitted(api);
  const path = `/api/v1/samples/${sha256}/tags`;
  const { text: reader } = await api.makeKey({ scopes: ["read"], maxTlp: "red" });
  const refused = await api.ask(path, { ...json("POST", { tags: ["x"] }), key: reader });
  assert.deepEqual([refused.status, (await refused.json()).scope], [403, "annotate"]);
  const added = await (await api.ask(path, json("POST", { tags: ["Apt/29 Loader", "grün:1"], tlp: "green" })))
    .json();
  assert.deepEqual(added.items.map((one: { tag: string }) => one.tag), ["apt/29 loader", "grün:1"]);
  for (const bad of [[], ["-"], ["a\nb"], ["x".repeat(65)]]) {
    assert.equal((await api.ask(path, json("POST", { tags: bad }))).status, 400);
  }
  const { tags } = await (await api.ask(`/api/v1/samples/${sha256}`)).json();
  assert.deepEqual(tags.toSorted(), ["apt/29 loader", "grün:1"]);
  const remove = async (tag: string) =>
    (await api.ask(`${path}/${encodeURIComponent(tag)}`, { method: "DELETE" })).status;
  assert.deepEqual([await remove("apt/29 loader"), await remove("apt/29 loader")], [204, 404]);
  const history = await (await api.ask(`${path}/history`)).json();
  assert.deepEqual(
    history.items.map((one: { action: string; tag: string }) => `${one.action} ${one.tag}`).toSorted(),
    ["added apt/29 loader", "added grün:1", "removed apt/29 loader"],
  );
});

async function submitted(api: Awaited<ReturnType<typeof testApi>>): Promise<{ sha256: string }> {
  const body = new FormData();
  body.append("file", new File(["some bytes"], "a.bin"));
  return (await (await api.ask("/api/v1/submissions", { method: "POST", body })).json()).tasks[0];
}
