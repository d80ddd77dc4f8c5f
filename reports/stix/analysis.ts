import type { Timestamp, VerdictLevel } from "@assay/core";
import { RANKS } from "../model/engines.ts";
import type { Engine } from "../model/model.ts";
import type { Context } from "./context.ts";
import type { StixObject } from "./object.ts";

/** What the platform's own conclusion is called among the engines. */
const OURS = "assay";

/** A run that took place as an analysis: what it says, and how it ended as a label. */
export function analysisOf(
  context: Context,
  sample: StixObject,
  engine: Engine,
  observables: readonly StixObject[],
): StixObject {
  const { model, profile } = context;
  const files = observables.filter(({ type }) => profile !== "misp" || type === "file");
  const worst = engine.findings[0];
  const started = instant(engine.started ?? model.started);
  const ended = new Date(Date.parse(started) + Math.min(engine.durationMs, 1e12)).toISOString();
  return context.own("malware-analysis", [engine.name], {
    modified: ended,
    labels: [engine.status],
    product: engine.name,
    ...(engine.version !== null && { version: engine.version }),
    ...(engine.definition !== null && { analysis_definition_version: engine.definition }),
    submitted: model.submitted,
    analysis_started: started,
    analysis_ended: ended,
    ...(worst !== undefined && worst.label !== "" && { result_name: worst.label }),
    result: resultOf(engine),
    sample_ref: sample.id,
    ...(files.length > 0 && { analysis_sco_refs: files.map(({ id }) => id).sort() }),
  });
}

/** The verdict as an analysis of the platform, so that a machine reads it like any engine's. */
export function verdictAnalysis(context: Context, sample: StixObject): StixObject {
  const { model } = context;
  const ended = model.finished < model.started ? model.started : model.finished;
  return context.own("malware-analysis", [OURS, "verdict"], {
    product: OURS,
    submitted: model.submitted,
    analysis_started: model.started,
    analysis_ended: ended,
    ...(model.families[0] !== undefined && { result_name: model.families[0] }),
    result: model.verdict.level,
    sample_ref: sample.id,
  });
}

/** Runs that took place; what was skipped analysed nothing. */
export function ranEngines({ model }: Context): Engine[] {
  return model.engines.filter(({ status }) => status !== "skipped");
}

/** Silence is unknown, as everywhere in Assay: an engine that finds nothing doesn't say that a file is benign. */
function resultOf({ findings }: Engine): VerdictLevel {
  const rank = Math.max(0, ...findings.map(({ verdict }) => RANKS[verdict]));
  return (["unknown", "suspicious", "malicious"] as const)[rank]!;
}

function instant(time: Timestamp): Timestamp {
  return new Date(time).toISOString();
}
