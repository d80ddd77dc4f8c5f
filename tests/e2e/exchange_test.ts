import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fakeServer, KEY, medallion } from "../../reports/partners/testing.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";

const root = join(import.meta.dirname!, "..", "..");
const TAXII = "application/taxii+json;version=2.1";

/** Imports a file as `deno task assay import` does. */
async function imported(platform: Platform, format: string, content: string, more: readonly string[]) {
  const file = join(platform.data, "partner.file");
  await Deno.writeTextFile(file, content);
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "assay", "import", format, file, ...more, "--data", platform.data],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.equal(output.code, 0, text.decode(output.stderr));
  return text.decode(output.stdout);
}

Deno.test("what a partner calls bad is judged so, goes to other partners up to their level, comes back whole and can be undone", async () => {
  await using server = await medallion(50_000);
  await using misp = fakeServer(() => Response.json({ Event: { id: "1" } }));
  const common = { key: KEY, backlog: true, tlp: "green" };
  const partners = [
    {
      ...common,
      name: "cert-x",
      kind: "taxii",
      url: server.root,
      user: "assay",
      collection: server.collection,
    },
    { ...common, name: "misp-y", kind: "misp", url: misp.url },
  ];
  await using platform = await startPlatform({
    onTestStack: true,
    env: { ASSAY_PARTNERS: JSON.stringify(partners) },
  });
  const submit = async (content: string, tlp: string) => {
    const body = new FormData();
    body.append("file", new File([content], "sample.txt"));
    body.append("options", JSON.stringify({ priority: "interactive", tlp }));
    const answer = await platform.ask<{ tasks: [{ id: string }] }>("/api/v1/submissions", {
      method: "POST",
      body,
    });
    const { id } = answer.tasks[0];
    await until("the report", 60_000, async () => {
      const { status } = await platform.ask<{ status: string }>(`/api/v1/tasks/${id}`);
      return status === "complete" ? status : null;
    });
    return { id, sha256: createHash("sha256").update(content).digest("hex") };
  };
  const judged = (id: string, level: string) =>
    until(`the verdict ${level}`, 60_000, async () => {
      const { verdict } = await platform.ask<{ verdict: { level: string } }>(`/api/v1/reports/${id}`);
      return verdict.level === level ? level : null;
    });
  const open = await submit("shared with all\n", "green");
  const restricted = await submit("shared with few\n", "amber");

  const list = `${open.sha256}  Emotet\n${restricted.sha256}\n`;
  const said = await imported(platform, "text", list, ["--source", "cert-z", "--tlp", "green"]);
  assert.match(said, /2 hashes \(0 known from there before\)\n2 samples here/);
  await judged(open.id, "malicious");
  await judged(restricted.id, "malicious");

  const held = await until("the indicator at the partner's", 120_000, async () => {
    // The server takes the property `version` of analyses for a time, and fails at it.
    const types = "match[type]=file,indicator,malware,relationship,report";
    const response = await fetch(`${server.root}collections/${server.collection}/objects/?${types}`, {
      headers: { accept: TAXII, authorization: server.authorization },
    });
    const text = await response.text();
    return /"pattern":[^}]*file:hashes/.test(text) ? text : null;
  });
  assert(held.includes(open.sha256));
  assert(!held.includes(restricted.sha256), "nothing above the partner's level leaves");
  const events = await until("an event at the MISP", 60_000, () => {
    const bundles = misp.asked.filter(({ path }) => path === "/events/upload_stix/2").map(({ body }) => body);
    return Promise.resolve(bundles.some((body) => /"pattern":[^}]*file:hashes/.test(body)) ? bundles : null);
  });
  assert(events.every((body) => !body.includes(restricted.sha256)));

  const back = await imported(platform, "stix", held, ["--source", "cert-x", "--dry-run"]);
  // Its indicator names MD5, SHA-1 and SHA-256.
  assert.match(back, /: 3 hashes \(0 known from there before\)\n1 samples here/);
  assert.doesNotMatch(back, /Refused/);

  const { items: [made] } = await platform.ask<{ items: [{ id: string }] }>("/api/v1/imports");
  await platform.ask(`/api/v1/imports/${made.id}`, { method: "DELETE" });
  await judged(open.id, "unknown");
});
