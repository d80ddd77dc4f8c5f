import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Tools } from "../../module/define.ts";
import type { SandboxedCommand } from "../../sandbox/sandbox.ts";
import type { ScanOrder } from "./protocol.ts";

/** A way to run YARA-X. */
export interface Engine {
  readonly name: "native" | "portable";
  readonly version: string;
  /** The program that carries out an order. */
  command(order: ScanOrder): Pick<SandboxedCommand, "program" | "args" | "readOnly" | "stdin" | "env">;
}

const root = join(import.meta.dirname!, "..", "..", "..");

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
  const folder = dirname(require.resolve("@virustotal/yara-x/package.json"));
  const { version } = require("@virustotal/yara-x/package.json") as { version: string };
  const engine = join(folder, "pkg", "yara_x_js_bg.wasm");
  const code = ["node_modules", "worker", "deno.json", "deno.lock"].map((name) => join(root, name));
  return {
    name: "portable",
    version,
    command: (order) => ({
      program: tools.deno,
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--no-check",
        "--no-lock",
        "--cached-only",
        `--allow-read=${[...code, ...order.samples].join(",")}`,
        join(import.meta.dirname!, "portable.ts"),
      ],
      readOnly: [tools.deno, ...code, ...workspace(), ...order.samples],
      stdin: JSON.stringify({ ...order, engine }),
      env: { DENO_DIR: "/tmp/deno", HOME: "/tmp", NO_COLOR: "1" },
    }),
  };
}

/** Deno reads the configuration of every member of the workspace. */
function workspace(): string[] {
  return ["core", "api", "ui", "analytics", "reports", "infra", "tests"].map((room) =>
    join(root, room, "deno.json")
  );
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
