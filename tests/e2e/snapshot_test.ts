import assert from "node:assert/strict";
import { join } from "node:path";
import { formOf, realFiles } from "../platform/files.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

const root = join(import.meta.dirname!, "..", "..");

async function assay(data: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "assay", ...args, "--data", data],
    cwd: root,
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  return text;
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

interface Found {
  readonly total: { readonly value: number };
  readonly items: readonly { readonly sha256: string; readonly reportId: string }[];
}

const searchAll = async (platform: Platform) =>
  await Promise.all(
    ["samples", "reports"].map((scope) =>
      platform.ask<Found>(`/api/v1/search?scope=${scope}&size=100&sort=sha256`)
    ),
  );

Deno.test("a fresh data folder gets everything back from a snapshot, and can be reindexed while it serves", async () => {
  const [first, second] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  let before: Found[];
  {
    await using platform = await startPlatform({ data: first });
    await platform.ask("/api/v1/submissions", {
      method: "POST",
      body: formOf(await realFiles(3)),
    });
    before = await until("everything is searched", 90_000, async () => {
      const { pending, running } = await platform.ask<Record<string, number>>("/api/v1/tasks/counts");
      const found = await searchAll(platform);
      const isDone = pending === 0 && running === 0 && found[0]!.total.value >= 3;
      return isDone && found[0]!.total.value === new Set(found[1]!.items.map(({ sha256 }) => sha256)).size
        ? found
        : null;
    });
    assert.match(
      await assay(first, "snapshot", "create", "nightly"),
      new RegExp(`${before[0]!.total.value} samples`),
    );
  }
  for (const name of ["samples", "snapshots"]) await copy(join(first, name), join(second, name));
  {
    await using _servers = await startPlatform({ data: second, args: ["--maintenance"] });
    assert.match(await assay(second, "snapshot", "list"), /^nightly /);
    const said = await assay(second, "snapshot", "restore", "nightly");
    assert.match(said, /0 documents dropped, 0 tasks without a report failed/);
  }
  {
    await using platform = await startPlatform({ data: second });
    assert.deepEqual(await searchAll(platform), before);
    const { sha256, reportId } = before[0]!.items[0]!;
    assert.equal((await platform.ask<{ id: string }>(`/api/v1/reports/${reportId}`)).id, reportId);
    const bytes = await platform.request(`/api/v1/samples/${sha256}/download`);
    assert.equal(
      new Uint8Array(await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer())).toHex(),
      sha256,
    );
    assert.match(
      await assay(second, "reindex", "--force", "--drop-old"),
      /documents moved from '.*-000001' to '.*-000002'/,
    );
    assert.deepEqual(await searchAll(platform), before);
  }
  for (const folder of [first, second]) await Deno.remove(folder, { recursive: true });
});
