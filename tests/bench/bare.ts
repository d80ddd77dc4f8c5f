/**
 * The modules in a bare loop: no queue, no stores, no index. Arguments: folder, part, parts, configuration as JSON. Prints one
 * JSON line `{ files, bytes, seconds, modules: { name: milliseconds } }`; one process of several takes its part of the files.
 */
import { Config } from "@assay/infra";
import { type InlineModule, loadModules, openSandbox, toolsOf } from "@assay/worker";
import { createHash } from "node:crypto";
import { join } from "node:path";

const [folder, part, parts, given] = Deno.args as [string, string, string, string];
const config = Config.parse(JSON.parse(given));
const { modules } = await loadModules(config);
const sandbox = await openSandbox(config.worker.sandbox);
const inline = await Promise.all(
  modules.flatMap(({ module, options }) => module.kind === "inline" ? [openInline(module, options)] : []),
);
const commands = modules.flatMap(({ module, options }) =>
  module.kind === "command" ? [{ module, options }] : []
);
const spent = new Map<string, number>(modules.map(({ module }) => [module.name, 0]));
const names = [...Deno.readDirSync(folder)].filter((entry) => entry.isFile).map(({ name }) => name).sort()
  .filter((_, i) => i % Number(parts) === Number(part));

const began = performance.now();
let bytes = 0;
for (let at = 0; at < names.length; at += 100) {
  const batch = [];
  for (const name of names.slice(at, at + 100)) {
    const path = join(folder, name);
    const data = await Deno.readFile(path);
    bytes += data.length;
    const sha256 = createHash("sha256").update(data).digest("hex") as never;
    batch.push({ sha256, path, size: data.length, fileType: await runInline(data, sha256) });
  }
  for (const { module, options } of commands) {
    const started = performance.now();
    const signal = new AbortController().signal;
    for await (const _ of module.analyze(batch, options, sandbox, toolsOf(config), signal));
    add(module.name, started);
  }
}
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ files: names.length, bytes, seconds, modules: Object.fromEntries(spent) }));

async function openInline(module: InlineModule, options: unknown) {
  return { module, analyze: await module.open(options) };
}

async function runInline(data: Uint8Array, sha256: never): Promise<string> {
  let [fileType, mime] = ["unknown", "application/octet-stream"];
  const required: Record<string, never> = {};
  for (const { module, analyze } of inline) {
    if (module.accepts && !module.accepts.includes(fileType)) continue;
    const started = performance.now();
    const passwords = module.readsPassword ? config.passwords : [];
    try {
      const found = await analyze({ sha256, bytes: data, name: null, fileType, mime, required, passwords });
      if (found) required[module.name] = found as never;
      if (module.name === "filetype") ({ fileType, mime } = found!.raw as { fileType: string; mime: string });
    } catch {
      // a file that a module can't read costs it time all the same
    }
    add(module.name, started);
  }
  return fileType;
}

function add(name: string, started: number): void {
  spent.set(name, spent.get(name)! + performance.now() - started);
}
