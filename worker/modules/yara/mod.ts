import type { Sha256 } from "@assay/core";
import { ruleDigest } from "@assay/infra";
import { z } from "zod";
import { defineModule, type Tools } from "../../module/define.ts";
import { type Engine, nativeEngine, portableEngine } from "./engine.ts";
import { reportMatches } from "./findings.ts";
import { ScanLine } from "./protocol.ts";
import { readSources } from "./sources.ts";

const Options = z.strictObject({
  /** Files and folders of rules; `own` for those that come with the module. */
  rules: z.array(z.string().min(1)).min(1).default(["own"]),
  /** `native` needs Python with YARA-X, `portable` runs everywhere; `auto` takes the first where it is there. */
  engine: z.enum(["auto", "native", "portable"]).default("auto"),
  /** Seconds that one sample may take. */
  timeoutSeconds: z.number().int().min(1).max(600).default(20),
});
type Options = z.infer<typeof Options>;

/** Memory of the engine, bytes. */
const MOST_MEMORY = 2 * 1024 ** 3;

/** YARA rules, all of a batch in one run of the engine. A rule that doesn't compile costs nobody but itself. */
export default defineModule<Options>({
  name: "yara",
  title: "YARA",
  description: "Matches YARA rules (YARA-X) and reports each as a detection.",
  category: "signature",
  kind: "command",
  version: "1.0.0",
  options: Options as z.ZodType<Options>,
  async probe(options, tools) {
    const engine = await chooseEngine(options, tools);
    if (engine === null) {
      return {
        available: false,
        reason:
          "Python with YARA-X is missing; install it with 'pip install yara-x', or set engine to 'auto'",
      };
    }
    try {
      return {
        available: true,
        version: `YARA-X ${engine.version} (${engine.name})`,
        definition: ruleDigest(await readSources(options.rules)),
      };
    } catch (cause) {
      return {
        available: false,
        reason: `Its rules can't be read: ${cause instanceof Error ? cause.message : cause}`,
      };
    }
  },
  async *analyze(batch, options, sandbox, tools, signal) {
    const engine = await chooseEngine(options, tools);
    if (engine === null) throw new Error("Cannot scan: the engine has gone since it was looked for");
    const order = {
      rules: await readSources(options.rules),
      samples: batch.map(({ path }) => path),
      timeoutSeconds: options.timeoutSeconds,
    };
    const command = {
      ...engine.command(order),
      timeoutMs: (options.timeoutSeconds * batch.length + 60) * 1000,
      maxMemory: MOST_MEMORY,
    };
    const digests = new Map<string, Sha256>(batch.map(({ path, sha256 }) => [path, sha256]));
    for await (const line of sandbox.lines(command, signal)) {
      const said = ScanLine.parse(JSON.parse(line));
      if ("broken" in said) continue; // told by `checkRules`
      const sha256 = digests.get(said.path);
      if (sha256 === undefined) {
        throw new Error("Cannot read the engine's answer: it names a sample that it was not given");
      }
      yield { sha256, findings: "error" in said ? new Error(said.error) : reportMatches(said.matches) };
    }
  },
});

async function chooseEngine({ engine }: Options, tools: Tools): Promise<Engine | null> {
  const native = engine === "portable" ? null : await nativeEngine(tools);
  return native ?? (engine === "native" ? null : portableEngine(tools));
}
