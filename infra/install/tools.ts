import { ensurePart, type InstallContext } from "./cache.ts";
import { yaraXPart } from "./python.ts";
import { runTool } from "./run.ts";

/** Programs that modules run; each may be absent, which makes the modules that need it unavailable. */
export interface Tools {
  /** Absolute path of Python 3; null where there is none. */
  readonly python: string | null;
  /** Folders of Python packages. */
  readonly pythonPath: string[];
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
  const [python, yaraX] = await Promise.all([
    configured.python ?? optional("Python", () => findPython(context.signal)),
    optional("YARA-X for Python", () => ensurePart(yaraXPart, context)),
    optional("a sandbox", () => ensureBubblewrap(context)),
  ]);
  return { python, pythonPath: [...configured.pythonPath, ...(yaraX === null ? [] : [yaraX])] };
}

/** The interpreter itself: what is on the path may be a script that chooses one, which a sandbox can't run. */
async function findPython(signal: AbortSignal): Promise<string> {
  const output = await runTool({
    program: "python3",
    args: ["-c", "import sys; print(sys.executable)"],
    signal,
    missing: "Python 3 is missing; install it with 'apt-get install python3' or 'brew install python'",
  });
  return output.trim();
}

/** True where a program of this name is on the path. */
export async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      if (folder !== "" && (await Deno.stat(`${folder}/${program}`)).isFile) return true;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
    }
  }
  return false;
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
