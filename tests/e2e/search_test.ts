import assert from "node:assert/strict";
import { join } from "node:path";
import { formOf, realFiles } from "../platform/files.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

const root = join(import.meta.dirname!, "..", "..");

/** Runs the verb as `deno task assay search` does. */
async function searched(platform: Platform, args: readonly string[], input = "") {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "assay", "search", ...args, "--data", platform.data],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), error: text.decode(stderr) };
}

Deno.test("assay search prints what the API finds in every format, and says what is wrong with a query", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  const files = await realFiles(5);
  const { id } = await platform.ask<{ id: string }>("/api/v1/submissions", {
    method: "POST",
    body: formOf(files, { tags: ["walked"], priority: "interactive" }),
  });
  const tasks = await until("every task is complete", 60_000, async () => {
    const { items } = await platform.ask<{ items: { sha256: string; status: string; name: string }[] }>(
      `/api/v1/tasks?size=100&submissionId=${id}`,
    );
    return items.length >= files.length && items.every(({ status }) => status === "complete") ? items : null;
  });
  const wanted = files.map(({ name }) => tasks.find((task) => task.name === name)!.sha256).sort();

  const table = await searched(platform, ["tag:walked"]);
  assert.equal(table.code, 0, table.error);
  for (const { name } of files) assert.ok(table.out.includes(name.slice(0, 20)), `${name} in ${table.out}`);
  assert.match(table.error, new RegExp(`^${tasks.length} of ${tasks.length} samples`));

  const hashes = await searched(platform, ["-", "--format", "hashes", "--all"], wanted.join("\n"));
  assert.equal(hashes.code, 0, hashes.error);
  assert.deepEqual(hashes.out.trim().split("\n").sort(), wanted);

  const csv = await searched(platform, [
    "tag:walked",
    "--format",
    "csv",
    "--fields",
    "sha256, size",
    "--all",
  ]);
  const [head, ...rows] = csv.out.trim().split(/\r?\n/);
  assert.equal(head, "sha256,size");
  for (const { bytes } of files) assert.ok(rows.some((row) => row.endsWith(`,${bytes.length}`)), csv.out);

  const two = await searched(platform, [
    "tag:walked",
    "--format",
    "ndjson",
    "--size",
    "2",
    "--sort=-size",
  ]);
  assert.equal(two.code, 0, two.error);
  const hits = two.out.trim().split("\n").map((line) => JSON.parse(line) as { sha256: string; size: number });
  assert.equal(hits.length, 2);
  assert.ok(hits[0]!.size >= hits[1]!.size);
  assert.match(two.error, /^2 of \d+ samples; --all lists the rest/);

  const wrong = await searched(platform, ["size:>=big"]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.error, /size/);
  const unknown = await searched(platform, ["tag:walked", "--format", "xml"]);
  assert.equal(unknown.code, 1);
  assert.match(unknown.error, /'xml': expected table/);
});
