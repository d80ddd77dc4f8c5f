import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { testApi } from "../app/testing.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const raw = (body: BodyInit | null, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/octet-stream", ...headers },
  body,
});

Deno.test("POST /submissions takes many files with options, and answers with a task for each in order", async () => {
  await using api = await testApi();
  const body = new FormData();
  for (const name of ["b", "a", "c"]) body.append("file", new File([name], `${name}.exe`));
  body.append(
    "options",
    JSON.stringify({
      tlp: "red",
      tags: ["Packed"],
      metadata: { case: "7" },
      priority: "interactive",
      password: "pw",
    }),
  );
  const response = await api.ask("/api/v1/submissions", { method: "POST", body });
  assert.equal(response.status, 202);
  const { id, tasks } = await response.json();
  assert.equal(response.headers.get("location"), `/api/v1/submissions/${id}`);
  assert.deepEqual(
    tasks.map((
      task: Record<string, unknown>,
    ) => [task.name, task.sha256, task.size, task.status, task.reportId]),
    ["b", "a", "c"].map((name) => [`${name}.exe`, sha256(name), 1, "pending", null]),
  );
  const submission = await (await api.ask(`/api/v1/submissions/${id}`)).json();
  assert.deepEqual(
    [submission.tlp, submission.tags, submission.metadata, submission.priority, submission.ownerName],
    ["red", ["packed"], { case: "7" }, "interactive", "admin"],
  );
  assert.equal(JSON.stringify(submission).includes("pw"), false);
  const audit = await (await api.ask("/api/v1/audit?action=submission.create")).json();
  assert.deepEqual([audit.items[0].target, audit.items[0].detail], [id, { files: 3, tlp: "red" }]);
});

Deno.test("POST /submissions takes a raw body, named and with options by query or by header", async () => {
  await using api = await testApi();
  const submit = async (path: string, init: RequestInit) => {
    const response = await api.ask(`/api/v1/submissions${path}`, init);
    assert.equal(response.status, 202);
    const { id, tasks } = await response.json();
    const { tlp } = await (await api.ask(`/api/v1/submissions/${id}`)).json();
    return [tasks[0].name, tasks[0].sha256, tlp];
  };
  assert.deepEqual(await submit("", raw("1")), [null, sha256("1"), "amber"]);
  const query = `?name=${encodeURIComponent("naïve.exe")}&options=${encodeURIComponent('{"tlp":"red"}')}`;
  assert.deepEqual(await submit(query, raw("2")), ["naïve.exe", sha256("2"), "red"]);
  const headers = {
    "content-disposition": "attachment; filename*=UTF-8''%C3%A9.bin",
    "x-assay-options": '{"tlp":"clear"}',
  };
  assert.deepEqual(await submit("", raw("3", headers)), ["é.bin", sha256("3"), "clear"]);
});

Deno.test("POST /submissions by hash analyses again what the key may see, and nothing else", async () => {
  await using api = await testApi();
  const red = await (await api.ask(
    "/api/v1/submissions?name=r.exe&options=" + encodeURIComponent('{"tlp":"red"}'),
    raw("r"),
  )).json();
  const green = await (await api.ask(
    "/api/v1/submissions?name=g.exe&options=" + encodeURIComponent('{"tlp":"green"}'),
    raw("g"),
  )).json();
  const low = await api.makeKey({ scopes: ["submit", "read"], maxTlp: "green" });
  const ask = (hashes: string[], key: string) =>
    api.ask("/api/v1/submissions", {
      method: "POST",
      key,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ hashes, options: { rescan: "all" } }),
    });
  const seen = await ask([green.tasks[0].sha256], low.text);
  assert.equal(seen.status, 202);
  const unseen = await ask([green.tasks[0].sha256, red.tasks[0].sha256], low.text);
  assert.equal(unseen.status, 404);
  const message = (await unseen.json()).errors[0].message;
  const absent = await (await ask(["f".repeat(64)], low.text)).json();
  assert.equal(message.replace(red.tasks[0].sha256, "f".repeat(64)), absent.errors[0].message);
  assert.equal((await ask([red.tasks[0].sha256, green.tasks[0].sha256], api.admin)).status, 202);
});

Deno.test("an upload grants its owner the sample, but nothing of others' submissions of the same bytes", async () => {
  await using api = await testApi();
  await api.ask(
    "/api/v1/submissions?name=secret-name.exe&options=" +
      encodeURIComponent('{"tlp":"red","tags":["secret-tag"]}'),
    raw("same"),
  );
  const low = await api.makeKey({ scopes: ["submit", "read"], maxTlp: "green" });
  const path = `/api/v1/samples/${sha256("same")}`;
  assert.equal((await api.ask(path, { key: low.text })).status, 404);
  const own = await (await api.ask("/api/v1/submissions?name=mine.exe", { ...raw("same"), key: low.text }))
    .json();
  const tasks = await (await api.ask("/api/v1/tasks", { key: low.text })).json();
  assert.deepEqual(tasks.items.map((task: { id: string }) => task.id), [own.tasks[0].id]);
  const text = await (await api.ask(path, { key: low.text })).text();
  assert.equal(/secret/.test(text), false);
});
