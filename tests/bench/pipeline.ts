/**
 * `deno task bench:pipeline [DIR] [--repeats N] [--rules FILE] [--modules a,b] [--no-bulk]`: files per second from upload to indexed
 * report, in the interactive lane and, beside it, in bulk; batch sizes, processor time and peak memory of each process; and the
 * ratio to the same modules in a bare loop on as many processes. Without DIR it takes files of the installed packages.
 */
import { Config, readStatus } from "@assay/infra";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formOf, type RealFile } from "../platform/files.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";
import { gather } from "./gather.ts";
import { usageOf } from "./usage.ts";

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "3" },
    rules: { type: "string" },
    modules: { type: "string" },
    "no-bulk": { type: "boolean", default: false },
  },
});
const folder = positionals[0] ?? await gather();
const names = [...Deno.readDirSync(folder)].filter((entry) => entry.isFile).map(({ name }) => name).sort();
const bytes = names.reduce((sum, name) => sum + Deno.statSync(join(folder, name)).size, 0);
const concurrency = navigator.hardwareConcurrency;
console.log(`${names.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${concurrency} processors`);

const env = environment();
await using platform = await startPlatform({ env });
await measure("warm-up", "interactive", names.slice(0, 60));
const bare: number[] = [];
const pipeline: number[] = [];
const repeats = Number(values.repeats);
for (let i = 0; i < repeats; i++) {
  // The first with programs that are still being compiled, the last with warm ones.
  const detailed = i === 0 || i === repeats - 1;
  bare.push(await runBare(detailed));
  pipeline.push(await measure(`interactive ${i + 1}`, "interactive", names, detailed));
}
if (!values["no-bulk"]) await measure("bulk", "bulk", names);
const [b, p] = [median(bare), median(pipeline)];
console.log(`\nmedian: bare loop ${rate(b)}, pipeline ${rate(p)}; pipeline / bare = ${(p / b).toFixed(2)}`);

/** Uploads all files and waits until the last report is indexed; gives seconds. */
async function measure(
  title: string,
  priority: string,
  files: readonly string[],
  detailed = false,
): Promise<number> {
  const before = await processes(platform);
  const logged = await batches(platform);
  const done = (await counts()).complete! + (await counts()).failed!;
  const mark = new TextEncoder().encode(`\n${title}`);
  const began = performance.now();
  await upload(files, priority, mark);
  const sent = (performance.now() - began) / 1000;
  await until("every report is indexed", 900_000, async () => {
    const now = await counts();
    return now.pending === 0 && now.running === 0 && now.complete! + now.failed! >= done + files.length
      ? now
      : null;
  });
  const seconds = (performance.now() - began) / 1000;
  const sizes = (await batches(platform)).slice(logged.length);
  console.log(
    `${title.padEnd(14)} ${rate(seconds, files.length)}  uploaded in ${sent.toFixed(1)} s, batches of ${
      sizes.join(", ")
    }`,
  );
  if (detailed) {
    for (const [name, { cpu, peak }] of await processes(platform)) {
      const used = cpu - (before.get(name)?.cpu ?? 0);
      console.log(
        `  ${name.padEnd(14)} ${used.toFixed(1).padStart(6)} s of processor, peak ${
          (peak / 1e6).toFixed(0)
        } MB resident`,
      );
    }
  }
  return seconds;
}

/** Files that are new to the platform, by a mark at their end: scanning again what is there costs more, since its former report changes. */
async function upload(files: readonly string[], priority: string, mark: Uint8Array): Promise<void> {
  const left = [...files];
  const send = async () => {
    for (let some; (some = left.splice(0, 25)).length > 0;) {
      const parts = await Promise.all(some.map((name): Promise<RealFile> => readReal(name, mark)));
      const response = await platform.request("/api/v1/submissions", {
        method: "POST",
        body: formOf(parts, { priority, rescan: "all" }),
      });
      if (response.status !== 202) {
        throw new Error(`Cannot submit: ${response.status} ${await response.text()}`);
      }
      await response.body?.cancel();
    }
  };
  await Promise.all([send(), send()]);
}

async function readReal(name: string, mark: Uint8Array): Promise<RealFile> {
  const bytes = await Deno.readFile(join(folder, name));
  const marked = new Uint8Array(bytes.length + mark.length);
  marked.set(bytes);
  marked.set(mark, bytes.length);
  return { name, bytes: marked };
}

/** Runs the modules over the files in as many processes as the worker has; gives seconds of the slowest. */
async function runBare(detailed: boolean): Promise<number> {
  const { tools } = JSON.parse(await Deno.readTextFile(join(platform.data, "run", "config.json")));
  const config = JSON.stringify({ tools, modules: moduleConfig() });
  Config.parse(JSON.parse(config));
  const runs = await Promise.all(Array.from({ length: concurrency }, async (_, part) => {
    const { stdout, success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--quiet",
        join(import.meta.dirname!, "bare.ts"),
        folder,
        String(part),
        String(concurrency),
        config,
      ],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout)) as {
      seconds: number;
      modules: Record<string, number>;
    };
  }));
  const seconds = Math.max(...runs.map((run) => run.seconds));
  console.log(`${"bare loop".padEnd(14)} ${rate(seconds)}`);
  if (detailed) {
    for (const name of Object.keys(runs[0]!.modules)) {
      const ms = runs.reduce((sum, run) => sum + run.modules[name]!, 0);
      console.log(
        `  ${name.padEnd(14)} ${(ms / names.length).toFixed(2).padStart(6)} ms a file, ${
          (ms * 1e6 / bytes).toFixed(1)
        } ns a byte`,
      );
    }
  }
  return seconds;
}

/** Processor time and peak memory by process. */
async function processes(platform: Platform) {
  const status = (await readStatus(join(platform.data, "run")))!;
  return new Map(status.processes.map(({ name, pid }) => [name, usageOf(pid!)]));
}

/** Sizes of the batches that the worker has logged. */
async function batches(platform: Platform): Promise<number[]> {
  const log = await Deno.readTextFile(join(platform.data, "logs", "worker.log"));
  return [...log.matchAll(/Batch of (\d+) from lane/g)].map(([, size]) => Number(size));
}

async function counts(): Promise<Record<string, number>> {
  return await platform.ask<Record<string, number>>("/api/v1/tasks/counts");
}

function moduleConfig(): Record<string, unknown> {
  const wanted = values.modules?.split(",");
  const all = [...Deno.readDirSync(new URL("../../worker/modules", import.meta.url))].filter((e) =>
    e.isDirectory
  );
  const disabled = all.filter(({ name }) => wanted && !wanted.includes(name)).map((
    { name },
  ) => [name, { enabled: false }]);
  return {
    ...Object.fromEntries(disabled),
    ...(values.rules && { yara: { options: { rules: [values.rules] } } }),
  };
}

function environment(): Record<string, string> {
  const variables: Record<string, string> = { ASSAY_API_RATE_LIMIT_REQUESTS_PER_MINUTE: "0" };
  for (
    const [name, given] of Object.entries(moduleConfig()) as [
      string,
      { enabled?: boolean; options?: unknown },
    ][]
  ) {
    const key = `ASSAY_MODULES_${name.toUpperCase().replaceAll("-", "_")}`;
    if (given.enabled === false) variables[`${key}_ENABLED`] = "false";
    if (given.options) variables[`${key}_OPTIONS`] = JSON.stringify(given.options);
  }
  if (values.rules) variables["ASSAY_WORKER_READ"] = values.rules;
  return variables;
}

function rate(seconds: number, files = names.length): string {
  const share = files / names.length;
  return `${seconds.toFixed(2)} s, ${(files / seconds).toFixed(1)} files/s, ${
    (share * bytes / 1e6 / seconds).toFixed(1)
  } MB/s`;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
