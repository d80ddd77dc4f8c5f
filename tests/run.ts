import { defaultCache, ensurePart } from "../infra/install/cache.ts";
import { chromiumPart } from "../infra/install/chromium.ts";
import { fontsPart } from "../infra/install/fonts.ts";
import { attackPart, stixSchemasPart } from "../infra/install/python.ts";
import { openDataFolder } from "../infra/stack/data_folder.ts";
import { startServers } from "../infra/stack/start.ts";
import { createSupervisor } from "../infra/supervisor/supervise.ts";

/**
 * `deno task test [FILE…]`: installs what is missing, starts real servers once for all tests, runs the tests and
 * closes with the line `N passed, N failed, N skipped`. Servers given in `ASSAY_TEST_STACK` are used as they are.
 */
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => stop.abort(new Error(`Received ${signal}`)));
}
const given = Deno.env.get("ASSAY_TEST_STACK");
Deno.exit(given ? await runTests(given) : await withServers(runTests));

async function withServers(run: (stack: string) => Promise<number>): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "assay-test-" });
  try {
    using data = await openDataFolder(folder);
    const supervisor = createSupervisor({ runDir: data.runDir, logDir: data.logDir, log: console.log });
    try {
      const cache = defaultCache(Deno.env.toObject(), Deno.uid());
      const install = { cache, signal: stop.signal, log: console.log };
      for (const part of [stixSchemasPart, attackPart, chromiumPart, fontsPart]) {
        await ensurePart(part, install);
      }
      return await run(JSON.stringify(await startServers({ data, supervisor, install })));
    } finally {
      await supervisor.stop();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `deno test`, showing what it says; the summary comes from its own closing line. */
async function runTests(stack: string): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "--allow-all", "--parallel", ...Deno.args],
    env: {
      ASSAY_TEST_STACK: stack,
      DENO_JOBS: String(Math.min(4, navigator.hardwareConcurrency)),
      NO_COLOR: "1",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  stop.signal.addEventListener("abort", () => child.kill("SIGTERM"));
  let tail = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-4096);
  }
  const { code } = await child.status;
  console.log(closingLine(tail, code));
  return code;
}

/** Of the summary `ok | 7 passed (4 steps) | 0 failed | 1 ignored (2s)`; a run that says none counts as one failure. */
function closingLine(output: string, code: number): string {
  const summary = /\| (\d+) passed.*? \| (\d+) failed(?: \| (\d+) ignored)?[^\n]*\n*$/.exec(output);
  const [, passed = "0", failed = code === 0 ? "0" : "1", ignored = "0"] = summary ?? [];
  // A failure outside any test (a file that does not load) has to show in the numbers too.
  return `${passed} passed, ${code !== 0 && failed === "0" ? "1" : failed} failed, ${ignored} skipped`;
}
