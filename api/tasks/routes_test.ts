import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

async function submit(api: TestApi, ...texts: string[]): Promise<string[]> {
  const body = new FormData();
  for (const text of texts) body.append("file", new File([text], text));
  const { tasks } = await (await api.ask("/api/v1/submissions", { method: "POST", body })).json();
  return tasks.map((task: { id: string }) => task.id);
}

const post = (api: TestApi, path: string, body?: unknown) =>
  api.ask(`/api/v1/tasks/${path}`, {
    method: "POST",
    ...(body !== undefined &&
      { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });

async function fail(api: TestApi, id: string): Promise<void> {
  const [task] = await api.tasks.claim([{ taskId: id as never, attempt: 1 }], "w", 60_000);
  await api.tasks.fail({ taskId: task!.id, attempt: 1 }, "broken", true);
}

Deno.test("GET /tasks filters by status and sample, and pages through all of them once", async () => {
  await using api = await testApi();
  const ids = await submit(api, "a", "b", "c", "d", "e");
  await post(api, `${ids[2]}/cancel`);
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: { items: { id: string }[]; cursor: string | null } =
      await (await api.ask(`/api/v1/tasks?size=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`))
        .json();
    assert(page.items.length <= 2);
    seen.push(...page.items.map((task) => task.id));
    cursor = page.cursor;
  }
  assert.deepEqual(seen.toSorted(), ids.toSorted());
  const cancelled = await (await api.ask("/api/v1/tasks?status=cancelled")).json();
  assert.deepEqual(cancelled.items.map((task: { id: string }) => task.id), [ids[2]]);
  const { sha256 } = cancelled.items[0];
  assert.equal((await (await api.ask(`/api/v1/tasks?sha256=${sha256}`)).json()).items.length, 1);
  const counts = await (await api.ask("/api/v1/tasks/counts")).json();
  assert.deepEqual([counts.pending, counts.cancelled, counts.dead], [4, 1, 0]);
});

Deno.test("cancel, retry and delete answer 409 where the task is not at that point, and are noted", async () => {
  await using api = await testApi({}, { search: true });
  const [id] = await submit(api, "a");
  const codes = async (method: string, path: string) => {
    const response = await api.ask(`/api/v1/tasks/${path}`, { method });
    return response.status === 204
      ? 204
      : response.ok
      ? (await response.json()).status
      : (await response.json()).code;
  };
  assert.equal(await codes("POST", `${id}/retry`), "task-not-retryable");
  assert.equal(await codes("DELETE", `${id}`), "task-not-final");
  assert.equal(await codes("POST", `${id}/cancel`), "cancelled");
  assert.equal(await codes("POST", `${id}/cancel`), "task-final");
  assert.equal(await codes("POST", `${id}/retry`), "pending");
  assert.equal(await codes("POST", `${id}/cancel`), "cancelled");
  assert.equal(await codes("DELETE", `${id}`), 204);
  assert.equal(await codes("DELETE", `${id}`), "not-found");
  const audit = await (await api.ask("/api/v1/audit?size=100")).json();
  const actions = audit.items.map((entry: { action: string }) => entry.action);
  assert.deepEqual(actions, ["task.delete", "task.cancel", "task.retry", "task.cancel", "submission.create"]);
});

Deno.test("DELETE /tasks/{id} takes the report along, but not one that answers another task", async () => {
  await using api = await testApi({}, { search: true });
  const report = await api.analysed("a", "a.exe");
  const [again] = await submit(api, "a");
  assert.equal((await (await api.ask(`/api/v1/tasks/${again}`)).json()).reportId, report.id);
  const used = await api.ask(`/api/v1/tasks/${report.id}`, { method: "DELETE" });
  assert.deepEqual([used.status, (await used.json()).code], [409, "report-in-use"]);
  assert.equal((await api.ask(`/api/v1/tasks/${again}`, { method: "DELETE" })).status, 204);
  assert.equal((await api.ask(`/api/v1/reports/${report.id}`)).status, 200);
  assert.equal((await api.ask(`/api/v1/tasks/${report.id}`, { method: "DELETE" })).status, 204);
  assert.equal((await api.ask(`/api/v1/reports/${report.id}`)).status, 404);
});

Deno.test("POST /tasks/replay queues dead tasks again, all or those named, and no others", async () => {
  await using api = await testApi();
  const [a, b, c] = await submit(api, "a", "b", "c");
  for (const id of [a!, b!]) await fail(api, id);
  const dead = await (await api.ask("/api/v1/tasks?dead=true")).json();
  assert.deepEqual(dead.items.map((task: { id: string }) => task.id).sort(), [a, b].sort());
  assert.deepEqual(await (await post(api, "replay", { ids: [b, c] })).json(), { replayed: [b], more: false });
  assert.deepEqual(await (await post(api, "replay", {})).json(), { replayed: [a], more: false });
  assert.deepEqual((await (await api.ask("/api/v1/tasks?dead=true")).json()).items, []);
});
