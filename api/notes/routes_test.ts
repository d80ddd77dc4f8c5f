import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

const json = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

Deno.test("notes are written, changed on their version, deleted, and each change is in the audit trail", async () => {
  await using api = await testApi();
  const { sha256 } = await submitted(api);
  const path = `/api/v1/samples/${sha256}/notes`;
  const added = await (await api.ask(path, json("POST", { text: "<b>not bold</b>" }))).json();
  assert.deepEqual([added.text, added.tlp, added.version, added.author], [
    "<b>not bold</b>",
    "amber",
    1,
    "admin",
  ]);
  const edit = (version: number) =>
    api.ask(`${path}/${added.id}`, json("PUT", { text: "two", tlp: "green", version }));
  assert.equal((await (await edit(1)).json()).version, 2);
  const late = await edit(1);
  assert.deepEqual([late.status, (await late.json()).code], [409, "changed-meanwhile"]);
  const { text: other } = await api.makeKey({ scopes: ["read", "annotate"], maxTlp: "red" });
  const foreign = await api.ask(`${path}/${added.id}`, { method: "DELETE", key: other });
  assert.deepEqual([foreign.status, (await foreign.json()).code], [403, "not-owner"]);
  assert.equal((await api.ask(`${path}/${added.id}`, { method: "DELETE" })).status, 204);
  assert.deepEqual((await (await api.ask(path)).json()).items, []);
  const versions = await (await api.ask(`${path}/${added.id}/versions`)).json();
  assert.deepEqual(versions.items.map((one: { text: string }) => one.text), [null, "two", "<b>not bold</b>"]);
  assert.equal((await api.ask(`${path}/${added.id}/versions`, { key: other })).status, 404);
  const audit = await (await api.ask("/api/v1/audit")).json();
  const actions = audit.items.map((entry: { action: string }) => entry.action).filter((a: string) =>
    a.startsWith("note")
  );
  assert.deepEqual(actions, ["note.delete", "note.edit", "note.add"]);
});

Deno.test("a note is bounded in bytes, and holds what PostgreSQL can keep", async () => {
  await using api = await testApi();
  const { sha256 } = await submitted(api);
  const status = async (text: string) =>
    (await api.ask(`/api/v1/samples/${sha256}/notes`, json("POST", { text }))).status;
  assert.deepEqual(
    await Promise.all(
      ["x".repeat(16_384), "x".repeat(16_385), "ä".repeat(8_193), " \n", "a\0b", "\ud800"].map(status),
    ),
    [201, 400, 400, 400, 400, 201],
  );
});

async function submitted(api: Awaited<ReturnType<typeof testApi>>): Promise<{ sha256: string }> {
  const body = new FormData();
  body.append("file", new File(["some bytes"], "a.bin"));
  return (await (await api.ask("/api/v1/submissions", { method: "POST", body })).json()).tasks[0];
}
