import assert from "node:assert/strict";
import { formOf, realFiles } from "../platform/files.ts";
import { startPlatform, until } from "../platform/platform.ts";

interface Submission {
  readonly tasks: readonly { readonly id: string; readonly sha256: string }[];
}

Deno.test("while Elasticsearch is away searches say so and submissions are taken; when it is back nothing is missing", async () => {
  await using platform = await startPlatform();
  const files = await realFiles(4);
  const submit = async (part: typeof files) => {
    const response = await platform.request("/api/v1/submissions", { method: "POST", body: formOf(part) });
    assert.equal(response.status, 202, await response.clone().text());
    return (await response.json() as Submission).tasks;
  };
  const complete = (ids: readonly string[]) =>
    until("every task is complete", 180_000, async () => {
      for (const id of ids) {
        const { status } = await platform.ask<{ status: string }>(`/api/v1/tasks/${id}`);
        if (status !== "complete") return null;
      }
      return true;
    });
  const before = await submit(files.slice(0, 2));
  await complete(before.map(({ id }) => id));
  const process = (await platform.status()).processes.find(({ name }) => name === "elasticsearch")!;

  Deno.kill(process.pid!, "SIGKILL");
  const refused = await until("searches are refused", 30_000, async () => {
    const response = await platform.request("/api/v1/search");
    if (response.status === 503) return response;
    await response.body?.cancel();
    return null;
  });
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
  assert.equal((await refused.json()).code, "store-away");
  const meanwhile = await submit(files.slice(2));

  await complete(meanwhile.map(({ id }) => id));
  const tasks = [...before, ...meanwhile];
  const found = await platform.ask<{ ids: string[]; total: { value: number; exact: boolean } }>(
    "/api/v1/search?scope=reports&show=ids&size=100",
  );
  assert.deepEqual(found.ids.toSorted(), tasks.map(({ id }) => id).sort());
  assert.deepEqual(found.total, { value: tasks.length, exact: true });
  const list = tasks.map(({ sha256 }) => sha256).join("\n");
  const samples = await platform.ask<{ total: { value: number } }>("/api/v1/search", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ q: list, show: "count" }),
  });
  assert.equal(samples.total.value, new Set(tasks.map(({ sha256 }) => sha256)).size);
});
