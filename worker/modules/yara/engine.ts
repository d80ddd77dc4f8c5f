import { splitRules } from "@assay/core";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Tools } from "../../module/define.ts";
import type { SandboxedCommand } from "../../sandbox/sandbox.ts";
import type { PortableOrder, ScanOrder } from "./protocol.ts";

/** A way to run YARA-X. */
export interface Engine {
  readonly name: "native" | "portable";
  readonly version: string;
  /** The program that carries out an order. */
  command(order: ScanOrder): Pick<SandboxedCommand, "program" | "args" | "readOnly" | "stdin" | "env">;
}

/** YARA-X in Python, about fifteen times as fast. Null where Python or its package is missing. */
export async function nativeEngine(tools: Tools): Promise<Engine | null> {
  const { python } = tools;
  if (python === null) return null;
  const version = await packageVersion(tools.pythonPath);
  if (version === null) return null;
  const script = join(import.meta.dirname!, "native.py");
  // The system's own Python is visible anyway; another one brings its folder.
  const own = python.startsWith("/usr/") ? [] : [dirname(dirname(python))];
  return {
    name: "native",
    version,
    command: (order) => ({
      program: python,
      args: ["-B", "-s", script],
      readOnly: [...own, script, ...tools.pythonPath, ...order.samples],
      stdin: JSON.stringify(order),
      env: { PYTHONPATH: tools.pythonPath.join(":"), PYTHONDONTWRITEBYTECODE: "1" },
    }),
  };
}

/** YARA-X in WebAssembly, which runs wherever Deno does. */
export function portableEngine(tools: Tools): Engine {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("@virustotal/yara-x/package.json");
  const { version } = require(manifest) as { version: string };
  const engine = join(Deno.realPathSync(dirname(manifest)), "pkg");
  const script = join(import.meta.dirname!, "portable.ts");
  const protocol = join(import.meta.dirname!, "protocol.ts");
  return {
    name: "portable",
    version,
    command: (order) => ({
      program: tools.deno,
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--no-config",
        "--no-check",
        "--no-remote",
        "--no-npm",
        `--allow-read=${[engine, ...order.samples].join(",")}`,
        script,
      ],
      readOnly: [tools.deno, engine, script, protocol, ...order.samples],
      stdin: JSON.stringify({ ...order, rules: order.rules.map(cut), engine } satisfies PortableOrder),
      env: { DENO_DIR: "/tmp/deno", HOME: "/tmp", NO_COLOR: "1" },
    }),
  };
}

function cut(source: ScanOrder["rules"][number]): PortableOrder["rules"][number] {
  return { ...source, parts: splitRules(source.text) };
}

/** The version that pip has noted beside the package; null where it isn't there. */
async function packageVersion(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const names = await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name).catch(tolerateMissing);
    const version = names?.map((name) => /^yara_x-(.+)\.dist-info$/.exec(name)?.[1]).find(Boolean);
    if (version) return version;
  }
  return null;
}

function tolerateMissing(cause: unknown): null {
  if (cause instanceof Deno.errors.NotFound) return null;
  throw cause;
}
