import type { ClaimedTask } from "@assay/core";
import type { CommandModule } from "../module/define.ts";
import type { LoadedModule } from "../registry/registry.ts";
import type { AnalysisDependencies } from "./dependencies.ts";
import { type Analysis, type BatchTask, Scan } from "./scan.ts";
import { runTool } from "./tools.ts";

/** What became of a task: an analysis, or why there is none. */
export type BatchEnd =
  | { readonly task: ClaimedTask; readonly analysis: Analysis }
  | { readonly task: ClaimedTask; readonly error: unknown };

/**
 * Analyses a batch: inline modules by the pool, each sample read once; command modules once over the batch, beside it.
 * Each task is handed to `onEnd` exactly once, as soon as it is done; one bad sample costs only itself.
 */
export async function analyzeBatch(
  batch: readonly BatchTask[],
  dependencies: AnalysisDependencies,
  signal: AbortSignal,
  onEnd: (end: BatchEnd) => void,
): Promise<void> {
  const scans = batch.map((one) => new Scan(one, dependencies));
  const inline = scans.map((scan) => scan.runInline());
  const typed = Promise.allSettled(scans.map((scan) => scan.typed));
  const tools = dependencies.registry.modules.filter(isCommand).map(async (loaded) => {
    const wanting = scans.filter((scan) => scan.wants(loaded));
    // Only a tool that is choosy has to know what each file is.
    if (loaded.module.accepts) await typed;
    const cached = await Promise.all(wanting.map((scan) => scan.prepared));
    const samples = wanting.flatMap((scan, i) => cached[i] ? scan.forTool(loaded) ?? [] : []);
    await runTool(loaded, samples, dependencies, signal);
  });
  const toolsDone = Promise.all(tools);
  await Promise.all(scans.map(async (scan, i) => {
    const { task } = scan;
    try {
      await inline[i];
      // A sample waits for its own tools only, but a tool ends for all of a batch at about the same time.
      if (scan.waitsForTools()) await toolsDone;
      onEnd({ task, analysis: await scan.conclude() });
    } catch (error) {
      onEnd({ task, error });
    }
  }));
  await toolsDone;
}

function isCommand(loaded: LoadedModule): loaded is LoadedModule & { readonly module: CommandModule } {
  return loaded.module.kind === "command";
}
