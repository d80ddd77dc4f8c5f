import { ensurePart, type InstallContext } from "./cache.ts";
import { chromiumPart, chromiumProgram } from "./chromium.ts";
import { fontsPart } from "./fonts.ts";
import { attackPart, stixSchemasPart, yaraXPart } from "./python.ts";
import { runTool } from "./run.ts";

/** Programs and data that modules and exports use; each may be absent, which makes what needs it unavailable. */
export interface Tools {
  /** Absolute path of Python 3; null where there is none. */
  readonly python: string | null;
  /** Folders of Python packages. */
  readonly pythonPath: string[];
  /** Folder of OASIS's schemas of STIX; null where it is missing. */
  readonly stixSchemas: string | null;
  /** Folder of MITRE ATT&CK's techniques; null where it is missing. */
  readonly attack: string | null;
  /** Chromium's program, which prints PDFs; null where it is missing. */
  readonly chromium: string | null;
  /** Folder of the fonts that PDFs are set in; null where it is missing. */
  readonly fonts: string | null;
}

/** Finds or fetches the optional tools. What can't be had is told in a line and left out. */
export async function findTools(context: InstallContext, configured: Tools): Promise<Tools> {
  const optional = async <T>(what: string, find: () => Promise<T>): Promise<T | null> => {
    try {
      return await find();
    } catch (error) {
      context.signal.throwIfAborted();
      context.log(`Going on without ${what}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  const [python, yaraX, stixSchemas, attack, chromium, fonts] = await Promise.all([
    configured.python ?? optional("Python", () => findPython(context.signal)),
    optional("YARA-X for Python", () => ensurePart(yaraXPart, context)),
    configured.stixSchemas ?? optional("exports as STIX", () => ensurePart(stixSchemasPart, context)),
    configured.attack ?? optional("exports as STIX", () => ensurePart(attackPart, context)),
    configured.chromium ??
      optional("exports as PDF", async () => chromiumProgram(await ensurePart(chromiumPart, context))),
    configured.fonts ?? optional("exports as PDF", () => ensurePart(fontsPart, context)),
    optional("a sandbox", () => ensureBubblewrap(context)),
  ]);
  return {
    python,
    pythonPath: [...configured.pythonPath, ...(yaraX === null ? [] : [yaraX])],
    stixSchemas,
    attack,
    chromium,
    fonts,
  };
}

/**
 * The interpreter itself: what is on the path may be a script that chooses one. The system's own comes first, since
 * sandboxed tools see the system's folders anyway.
 */
async function findPython(signal: AbortSignal): Promise<string> {
  const missing =
    "Python 3.9 or newer is missing; install it with 'apt-get install python3' or 'brew install python'";
  const code =
    "import os, sys; print(os.path.realpath(sys.executable) if sys.version_info >= (3, 9) else '')";
  for (const program of ["/usr/bin/python3", "python3"]) {
    if (program.startsWith("/") && !(await isFile(program))) continue;
    const path = (await runTool({ program, args: ["-c", code], signal, missing })).trim();
    if (path !== "") return path;
  }
  throw new Error(missing);
}

/** True where a program of this name is on the path. */
async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    if (folder !== "" && await isFile(`${folder}/${program}`)) return true;
  }
  return false;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

/** Bubblewrap, which contains tools on Linux; installed where that needs no question: as root on Debian's kin. */
async function ensureBubblewrap(context: InstallContext): Promise<void> {
  if (Deno.build.os !== "linux" || await isOnPath("bwrap")) return;
  const missing =
    "bubblewrap is missing; install it with 'apt-get install bubblewrap' or 'dnf install bubblewrap'";
  if (Deno.uid() !== 0 || !(await isOnPath("apt-get"))) throw new Error(missing);
  context.log("Installing bubblewrap …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const apt = (args: string[]) => runTool({ program: "apt-get", args, signal: context.signal, missing, env });
  await apt(["update", "-qq"]);
  await apt(["install", "-y", "-qq", "--no-install-recommends", "bubblewrap"]);
}
