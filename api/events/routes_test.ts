import type { SavedSearchId, Sha256, TaskEvent } from "@assay/core";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

interface Told {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string | undefined;
  readonly text: string;
}

/** Reads a stream of events one by one; `next` waits for the next. */
async function listen(api: TestApi, query: string, init: { key?: string; headers?: HeadersInit } = {}) {
  const response = await api.ask(`/api/v1/events${query}`, init);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  async function next(): Promise<Told | null> {
    while (!rest.includes("\n\n")) {
      const { done, value } = await reader.read();
      if (done) return null;
      rest += value;
    }
    const text = rest.slice(0, rest.indexOf("\n\n"));
    rest = rest.slice(text.length + 2);
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1];
    return { id: field("id"), event: field("event"), data: field("data"), text };
  }
  /** The next of that kind, passing over others. */
  async function until(event: string): Promise<Told> {
    for (let told = await next(); told !== null; told = await next()) if (told.event === event) return told;
    throw new Error(`The stream ended before '${event}'`);
  }
  return { next, until, [Symbol.asyncDispose]: () => reader.cancel() };
}

async function submit(api: TestApi, text: string, tlp = "amber") {
  const options = encodeURIComponent(JSON.stringify({ tlp }));
  const init = { method: "POST", headers: { "content-type": "application/octet-stream" }, body: text };
  const { id, tasks } = await (await api.ask(`/api/v1/submissions?options=${options}`, init)).json();
  return { submissionId: id, taskId: tasks[0].id };
}

const statusOf = (told: Told | null) =>
  (JSON.parse(told!.data!) as Extract<TaskEvent, { type: "task" }>).status;

Deno.test("GET /events tells the present state first, then each change as it happens", async () => {
  await using api = await testApi();
  const { submissionId, taskId } = await submit(api, "a");
  await using events = await listen(api, `?submissionId=${submissionId}`);
  assert.equal((await events.next())!.text, "retry: 2000");
  const first = await events.next();
  assert.deepEqual([first!.event, statusOf(first), JSON.parse(first!.data!).taskId], [
    "task",
    "pending",
    taskId,
  ]);
  assert.equal((await events.next())!.event, "ready");
  assert.equal((await api.ask(`/api/v1/tasks/${taskId}/cancel`, { method: "POST" })).status, 200);
  assert.equal(statusOf(await events.until("task")), "cancelled");
  assert.equal((await api.ask(`/api/v1/tasks/${taskId}/retry`, { method: "POST" })).status, 200);
  assert.equal(statusOf(await events.until("task")), "pending");
  const at = new Date().toISOString();
  api.queue.tell({ type: "module", taskId, submissionId, module: "strings", status: "ok", at });
  const module = await events.until("module");
  assert.deepEqual([JSON.parse(module.data!).module, Number(module.id)], ["strings", Date.parse(at)]);
});

Deno.test("GET /events looks up what nobody told by the next sign of life", async () => {
  await using api = await testApi({ heartbeat: 50 });
  const { taskId } = await submit(api, "a");
  await using events = await listen(api, `?taskId=${taskId}`);
  await events.until("ready");
  await api.tasks.claim([{ taskId, attempt: 1 }], "w", 60_000);
  assert.equal(statusOf(await events.until("task")), "running");
  await api.tasks.fail({ taskId, attempt: 1 }, "broken", true);
  const failed = await events.until("task");
  assert.deepEqual([statusOf(failed), JSON.parse(failed.data!).reason], ["failed", "broken"]);
});

Deno.test("GET /events without a filter tells all that the key may see and nothing else", async () => {
  await using api = await testApi();
  const low = await api.makeKey({ scopes: ["read"], maxTlp: "green" });
  await using all = await listen(api, "");
  await using some = await listen(api, "", { key: low.text });
  await all.until("ready");
  await some.until("ready");
  await api.queue.ping(); // the subscription has reached the server
  const red = await submit(api, "r", "red");
  const green = await submit(api, "g", "green");
  const task = async (events: typeof all) => JSON.parse((await events.until("task")).data!).taskId;
  assert.deepEqual([await task(all), await task(all)], [red.taskId, green.taskId]);
  assert.equal(await task(some), green.taskId);
});

Deno.test("GET /events with Last-Event-ID leaves out what was over before, not what is still going on", async () => {
  await using api = await testApi();
  const { submissionId, taskId } = await submit(api, "a");
  await api.ask(`/api/v1/tasks/${taskId}/cancel`, { method: "POST" });
  const later = String(Date.now() + 60_000);
  await using events = await listen(api, `?submissionId=${submissionId}`, {
    headers: { "last-event-id": later },
  });
  await events.next();
  assert.equal((await events.next())!.event, "ready");
  const wrong = await api.ask("/api/v1/events", { headers: { "last-event-id": "x" } });
  assert.equal(wrong.status, 400);
});

Deno.test("GET /events ends when the key is revoked", async () => {
  await using api = await testApi({ heartbeat: 30 });
  const { key, text } = await api.makeKey({});
  await using events = await listen(api, "", { key: text });
  await events.until("ready");
  await api.ask(`/api/v1/keys/${key.id}`, { method: "DELETE" });
  while (await events.next() !== null);
});

Deno.test("GET /events bounds the streams of one key, and counts off those that end", async () => {
  await using api = await testApi({ maxListeners: { perKey: 1, all: 2 } });
  const first = await listen(api, "");
  const refused = await api.ask("/api/v1/events");
  assert.deepEqual([refused.status, (await refused.json()).code], [429, "too-many-listeners"]);
  await first[Symbol.asyncDispose]();
  await using again = await listen(api, "");
  await again.until("ready");
});

Deno.test("GET /events tells a hunt's hit to its owner alone, and only without a filter", async () => {
  await using api = await testApi();
  const [own, other] = [await api.makeKey({ maxTlp: "red" }), await api.makeKey({ maxTlp: "red" })];
  const { taskId, submissionId } = await submit(api, "a");
  await using mine = await listen(api, "", { key: own.text });
  await using narrow = await listen(api, `?taskId=${taskId}`, { key: own.text });
  await using theirs = await listen(api, "", { key: other.text });
  for (const events of [mine, narrow, theirs]) await events.until("ready");
  const at = new Date().toISOString();
  const searchId = "01ARZ3NDEKTSV4RRFFQ69G5FAV" as SavedSearchId;
  const sha256 = "f".repeat(64) as Sha256;
  api.queue.tell({ type: "hunt.hit", taskId, searchId, owner: own.key.id, sha256, at });
  api.queue.tell({ type: "module", taskId, submissionId, module: "strings", status: "ok", at });
  assert.equal(JSON.parse((await mine.until("hunt.hit")).data!).searchId, searchId);
  for (const events of [theirs, narrow]) {
    for (let told = await events.next(); told!.event !== "module"; told = await events.next()) {
      assert.notEqual(told!.event, "hunt.hit");
    }
  }
});
