import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";
import { json } from "../app/visibility_testing.ts";

Deno.test("a held sample keeps its tasks and reports until the hold is lifted, and all of it is in the audit trail", async () => {
  await using api = await testApi({}, { search: true });
  const report = await api.analysed("held bytes", "held.exe", { tlp: "green" });
  const path = `/api/v1/samples/${report.sha256}/hold`;
  const put = (reason: string) => api.ask(path, { ...json({ reason }), method: "PUT" });

  assert.equal((await put("Case 17")).status, 200);
  assert.equal((await (await put("Case 17, extended")).json()).reason, "Case 17, extended");
  const { items } = await (await api.ask("/api/v1/holds")).json();
  assert.deepEqual(items.map(({ sha256, reason }: Record<string, string>) => [sha256, reason]), [
    [report.sha256, "Case 17, extended"],
  ]);
  const refused = await api.ask(`/api/v1/tasks/${report.id}`, { method: "DELETE" });
  assert.deepEqual([refused.status, (await refused.json()).code], [409, "sample-held"]);
  assert.equal((await api.ask(`/api/v1/reports/${report.id}`)).status, 200);

  const { text: low } = await api.makeKey({ scopes: ["submit", "read", "delete"], maxTlp: "red" });
  for (const method of ["PUT", "DELETE"]) {
    const answer = await api.ask(path, { ...json({ reason: "mine" }), method, key: low });
    assert.equal(answer.status, 403);
  }
  assert.equal((await api.ask(path, { method: "DELETE" })).status, 204);
  assert.equal((await api.ask(path, { method: "DELETE" })).status, 404);
  assert.equal((await api.ask(`/api/v1/tasks/${report.id}`, { method: "DELETE" })).status, 204);
  const none = await api.ask(`/api/v1/samples/${"0".repeat(64)}/hold`, {
    ...json({ reason: "x" }),
    method: "PUT",
  });
  assert.equal(none.status, 404);
  const audit = await (await api.ask("/api/v1/audit?size=50")).json();
  const actions = audit.items.map(({ action }: { action: string }) => action);
  for (const action of ["hold.put", "hold.lift", "task.delete"]) assert.ok(actions.includes(action), action);
});
