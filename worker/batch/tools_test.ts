import type { Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import { z } from "zod";
import type { InlineEnd } from "../inline/job.ts";
import { defineModule, type Tools } from "../module/define.ts";
import { openSandbox } from "../sandbox/open.ts";
import { runTool } from "./tools.ts";

const tools: Tools = { python: null, pythonPath: [], deno: Deno.execPath() };
const forever = new AbortController().signal;

/** A tool that runs this script on its batch and finds nothing in each line that is a sample's digest. */
function scripted(name: string, script: string) {
  const module = defineModule({
    name,
    title: name,
    description: "Runs a script.",
    category: "metadata",
    kind: "command",
    version: "1",
    options: z.strictObject({}),
    probe: () => Promise.resolve({ available: true as const, version: "1", definition: null }),
    async *analyze(batch, _options, sandbox, _tools, signal) {
      const args = ["-c", script, "sh", ...batch.map(({ sha256 }) => sha256)];
      for await (
        const line of sandbox.lines({ program: "/bin/sh", args, timeoutMs: 20_000 }, signal)
      ) yield { sha256: line as Sha256, findings: null };
    },
  });
  return { module, url: "", options: {}, timeoutMs: 5_000, version: "1", definition: null };
}

/** How each of two samples ended. */
async function run(tool: ReturnType<typeof scripted>): Promise<InlineEnd[]> {
  const sandbox = await openSandbox("auto");
  const ends: InlineEnd[] = [];
  const samples = ["a", "b"].map((digit) => ({
    sha256: digit.repeat(64) as Sha256,
    size: 1,
    fileType: "unknown",
    path: "/nowhere",
    onStart: () => {},
    onChild: () => Promise.resolve(),
    onEnd: (end: InlineEnd) => void ends.push(end),
  }));
  await runTool(tool, samples, { sandbox, tools }, forever);
  return ends;
}

Deno.test("runTool() ends the samples of a tool that forks without end, and no others", async () => {
  const bomb =
    `echo $1; b() { [ $1 -gt 0 ] || exec sleep 2; b $(($1-1)) & b $(($1-1)) & wait; }; b 10 & wait; exec sleep 3`;
  const [forking, sound] = await Promise.all([
    run(scripted("forking", bomb)),
    run(scripted("sound", `sleep 0.5; echo $1; sleep 0.5; echo $2`)),
  ]);
  assert.deepEqual(forking.map(({ status }) => status), ["nothing", "error"]);
  assert.match((forking[1] as { reason: string }).reason, /started more than 64 processes/);
  assert.deepEqual(sound.map(({ status }) => status), ["nothing", "nothing"]);
});
