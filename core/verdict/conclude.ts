import type { ModuleRun } from "../module/module.ts";
import type { Observation } from "../observation/observation.ts";
import { type Heuristic, heuristics, meets } from "./heuristics.ts";
import type { Verdict, VerdictLevel, VerdictReason } from "./verdict.ts";

/** Scores from which a verdict is malicious or suspicious. */
export const THRESHOLDS = { malicious: 70, suspicious: 30 } as const;

/** Heuristics that say more than their score: what a list knows of the file itself. */
const KNOWN = { bad: "known-bad", good: "known-good" } as const;

/** What a verdict is made of. */
export interface Evidence {
  readonly observations: readonly (Observation & { readonly module: string })[];
  /** Entries of the known-hash table that match the sample. */
  readonly known: readonly { verdict: "good" | "bad"; source: string; note: string | null }[];
  readonly runs: readonly ModuleRun[];
}

/**
 * Weighs the evidence: each heuristic that is met once gives one reason with what was seen; scores combine as
 * `1 − Π(1 − score)`. A known-bad hash makes it malicious, else a known-good one benign; silence stays unknown.
 */
export function concludeVerdict(evidence: Evidence): Verdict {
  return weigh(
    [...knownReasons(evidence), ...heuristics.flatMap((h) => reasonOf(h, evidence.observations))],
    evidence.runs,
  );
}

/** The verdict with what the table of known hashes says of the sample now, in the place of what it said before. */
export function withKnown(verdict: Verdict, runs: readonly ModuleRun[], known: Evidence["known"]): Verdict {
  const others = verdict.reasons.filter(({ heuristic }) =>
    heuristic !== KNOWN.bad && heuristic !== KNOWN.good
  );
  return weigh([...knownReasons({ known }), ...others], runs);
}

/** The verdict that these reasons make. */
export function weigh(reasons: VerdictReason[], runs: readonly ModuleRun[]): Verdict {
  const score = Math.round(combine(reasons.map((r) => r.score)));
  const level = levelOf(score, reasons);
  return {
    level,
    score: level === "benign" ? 0 : score,
    summary: summarize(level, reasons, runs),
    reasons,
  };
}

function knownReasons({ known }: Pick<Evidence, "known">): VerdictReason[] {
  const reason = (
    verdict: keyof typeof KNOWN,
    title: string,
    score: number,
  ): VerdictReason[] => {
    const entries = known.filter((k) => k.verdict === verdict);
    if (entries.length === 0) return [];
    const evidence = entries.slice(0, 10).map((k) => cut(k.note ? `${k.source}: ${k.note}` : k.source));
    return [{ heuristic: KNOWN[verdict], title, score, evidence, modules: [], attack: [] }];
  };
  return [
    ...reason("bad", "Its hash is in the list of known bad files", 100),
    ...reason("good", "Its hash is in the list of known good files", 0),
  ];
}

function reasonOf(heuristic: Heuristic, observations: Evidence["observations"]): VerdictReason[] {
  const seen = new Set<string>();
  const modules = new Set<string>();
  for (const observation of observations) {
    const shown = meets(observation, heuristic.when);
    if (shown === null) continue;
    seen.add(cut(shown));
    modules.add(observation.module);
  }
  if (seen.size === 0) return [];
  return [{
    heuristic: heuristic.id,
    title: heuristic.title,
    score: heuristic.score,
    evidence: [...seen].slice(0, 10),
    modules: [...modules].slice(0, 20),
    attack: [...heuristic.attack ?? []],
  }];
}

function combine(scores: readonly number[]): number {
  return 100 * (1 - scores.reduce((rest, score) => rest * (1 - score / 100), 1));
}

function levelOf(score: number, reasons: readonly VerdictReason[]): VerdictLevel {
  if (reasons.some(({ heuristic }) => heuristic === KNOWN.bad)) return "malicious";
  if (reasons.some(({ heuristic }) => heuristic === KNOWN.good)) return "benign";
  if (score >= THRESHOLDS.malicious) return "malicious";
  return score >= THRESHOLDS.suspicious ? "suspicious" : "unknown";
}

function summarize(
  level: VerdictLevel,
  reasons: readonly VerdictReason[],
  runs: readonly ModuleRun[],
): string {
  const strongest = reasons.toSorted((a, b) => b.score - a.score)[0];
  if (level === "benign") return "Benign: its hash is in the list of known good files.";
  if (level !== "unknown" && strongest) {
    const more = reasons.length > 1 ? `, and ${reasons.length - 1} more` : "";
    return cut(`${level === "malicious" ? "Malicious" : "Suspicious"}: ${strongest.title}${more}.`, 1000);
  }
  const ran = runs.filter((r) => r.status === "ok" || r.status === "nothing").length;
  if (ran === 0) return "Unknown: no module could analyse it.";
  const signs = reasons.length === 0
    ? "none reported anything suspicious"
    : `their signs (${reasons.map((r) => r.heuristic).join(", ")}) are too weak to call it suspicious`;
  return cut(`Unknown: ${ran} of ${runs.length} modules analysed it; ${signs}.`, 1000);
}

/** A text that fits, its end marked where it was cut. */
export function cut(text: string, length = 300): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
