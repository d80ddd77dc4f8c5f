import { reasonOf, type Sha256 } from "@assay/core";
import type { InlineEnd } from "../inline/job.ts";
import { checkObservations, parse } from "../inline/check.ts";
import { OUTPUT } from "../inline/protocol.ts";
import type { CommandModule, CommandSample, Findings } from "../module/define.ts";
import type { LoadedModule } from "../registry/registry.ts";
import type { AnalysisDependencies } from "./dependencies.ts";

/** One sample's place in a command module's batch. */
export interface ToolSample extends CommandSample {
  readonly onStart: () => void;
  /** Keeps one extracted file. */
  readonly onChild: (name: string, bytes: Uint8Array) => Promise<void>;
  readonly onEnd: (end: InlineEnd) => void;
}

const encoder = new TextEncoder();

/**
 * Runs a command module once over samples; each gets its end exactly once. The tool's time is shared evenly.
 * Never rejects.
 */
export async function runTool(
  loaded: LoadedModule & { readonly module: CommandModule },
  samples: readonly ToolSample[],
  { sandbox, tools }: Pick<AnalysisDependencies, "sandbox" | "tools">,
  signal: AbortSignal,
): Promise<void> {
  if (samples.length === 0) return;
  const { module, options, timeoutMs } = loaded;
  const left = new Map<Sha256, ToolSample>(samples.map((sample) => [sample.sha256, sample]));
  const started = new Date().toISOString();
  const began = performance.now();
  const limit = timeoutMs * samples.length;
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new DOMException(`Took longer than ${limit} ms`, "TimeoutError")),
    limit,
  );
  const both = AbortSignal.any([signal, late.signal]);
  let last = began;
  const finish = (sample: ToolSample, result: Result) => {
    left.delete(sample.sha256);
    const now = performance.now();
    // What has passed since the one before is this one's time; those at the end share the rest.
    sample.onEnd({ started, durationMs: Math.max(0, now - last), ...result });
    last = now;
  };
  for (const sample of samples) sample.onStart();
  let reason: Result = { status: "error", reason: "The tool said nothing about this sample" };
  try {
    const plain = samples.map(({ sha256, size, fileType, path }) => ({ sha256, size, fileType, path }));
    for await (const { sha256, findings } of module.analyze(plain, options, sandbox, tools, both)) {
      const sample = left.get(sha256);
      if (sample) finish(sample, await toResult(module.name, findings, sample));
    }
  } catch (error) {
    if (signal.aborted) reason = { status: "cancelled", reason: "Cancelled" };
    else if (error instanceof Error && error.name === "TimeoutError") {
      reason = { status: "timeout", reason: reasonOf(error) };
    } else reason = { status: "error", reason: reasonOf(error) };
  } finally {
    clearTimeout(timer);
  }
  const rest = (performance.now() - last) / Math.max(1, left.size);
  for (const sample of left.values()) sample.onEnd({ started, durationMs: rest, ...reason });
}

type Result = DistributiveOmit<InlineEnd, "started" | "durationMs">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

async function toResult(
  module: string,
  findings: Findings | null | Error,
  sample: ToolSample,
): Promise<Result> {
  if (findings === null) return { status: "nothing" };
  if (findings instanceof Error) return { status: "error", reason: reasonOf(findings) };
  try {
    for (const { name, bytes } of findings.children ?? []) await sample.onChild(name, bytes);
    const checked = checkObservations(module, findings.observations);
    const limits = [...findings.limits ?? [], ...checked.limits];
    const observations = encoder.encode(JSON.stringify(checked.observations));
    let raw = findings.raw == null ? null : encoder.encode(JSON.stringify(findings.raw));
    if (raw !== null && raw.length > OUTPUT.rawBytes) {
      limits.push(`${module}: raw of ${raw.length} bytes left out, the limit is ${OUTPUT.rawBytes}`);
      raw = null;
    }
    return {
      status: "ok",
      findings: { observations: checked.observations, raw: raw === null ? null : parse(raw), limits },
      json: { observations, raw },
      attachment: findings.attachment ?? null,
    };
  } catch (error) {
    return { status: "error", reason: reasonOf(error) };
  }
}
