import type { ModuleRun, Observation } from "@assay/core";
import type { Engine, Finding, TechniqueSeen } from "./model.ts";
import { byText, unique } from "./order.ts";
import { shown } from "./shown.ts";

/** Findings of one engine at most; modules keep fewer. */
const MOST_FINDINGS = 500;
/** Reasons told of one technique at most. */
const MOST_REASONS = 10;

/** Every run in the order of names. */
export function describeEngines(
  runs: readonly ModuleRun[],
  indicators: ReadonlyMap<string, readonly number[]>,
): Engine[] {
  return runs.map((run): Engine => ({
    name: run.module,
    category: run.category,
    status: run.status,
    version: run.version === null ? null : shown(run.version, 100),
    definition: run.definition === null ? null : shown(run.definition, 200),
    started: run.started,
    durationMs: run.durationMs,
    cached: run.cached,
    reason: "reason" in run ? shown(run.reason, 2000) : null,
    findings: findingsOf(run),
    indicators: indicators.get(run.module) ?? [],
  })).sort((a, b) => byText(a.name, b.name));
}

function findingsOf(run: ModuleRun): Finding[] {
  const found = new Map<string, Finding>();
  for (const one of observationsOf(run, "detection")) {
    const finding: Finding = {
      engine: shown(one.engine, 100),
      label: shown(one.label, 500),
      verdict: one.verdict,
      family: one.family === undefined ? null : shown(one.family, 200).trim() || null,
    };
    found.set(JSON.stringify(finding), finding);
  }
  return [...found.values()]
    .sort((a, b) =>
      RANKS[b.verdict] - RANKS[a.verdict] || byText(a.engine, b.engine) || byText(a.label, b.label)
    )
    .slice(0, MOST_FINDINGS);
}

/** How much a finding weighs. */
export const RANKS = { informational: 0, suspicious: 1, malicious: 2 } as const;

/** Families that engines name, what most name first. */
export function nameFamilies(engines: readonly Engine[]): string[] {
  const counts = new Map<string, number>();
  for (const { family } of engines.flatMap(({ findings }) => findings)) {
    if (family !== null) counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || byText(a, b)).map(([family]) => family);
}

/** Techniques with why, in the order of their ids. */
export function listTechniques(runs: readonly ModuleRun[]): TechniqueSeen[] {
  const seen = runs.flatMap((run) => observationsOf(run, "technique"));
  return [...Map.groupBy(seen, ({ id }) => id)]
    .map(([id, all]) => ({
      id,
      reasons: unique(all.map(({ reason }) => shown(reason, 1000))).slice(0, MOST_REASONS),
    }))
    .sort((a, b) => byText(a.id, b.id));
}

/** A run's observations of one kind. */
export function observationsOf<T extends Observation["type"]>(
  run: ModuleRun,
  type: T,
): Extract<Observation, { type: T }>[] {
  if (run.status !== "ok") return [];
  return run.observations.filter((one): one is Extract<Observation, { type: T }> => one.type === type);
}
