import type { Tools } from "../../module/define.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { nativeEngine, portableEngine } from "./engine.ts";
import { type BrokenRule, ScanLine } from "./protocol.ts";
import { readSources } from "./sources.ts";

/** Rules that don't compile, with where and why. */
export async function checkRules(
  paths: readonly string[],
  sandbox: Sandbox,
  tools: Tools,
  signal: AbortSignal,
): Promise<BrokenRule[]> {
  const engine = await nativeEngine(tools) ?? portableEngine(tools);
  const order = { rules: await readSources(paths), samples: [], timeoutSeconds: 1 };
  for await (const line of sandbox.lines({ ...engine.command(order), timeoutMs: 60_000 }, signal)) {
    const said = ScanLine.parse(JSON.parse(line));
    if ("broken" in said) return said.broken;
  }
  throw new Error("Cannot check rules: the engine said nothing");
}
