import type { ModuleRun } from "../module/module.ts";
import { cut, weigh } from "./conclude.ts";
import type { Verdict, VerdictLevel, VerdictReason } from "./verdict.ts";

/** A file found inside the sample, as its own report judges it. */
export interface JudgedChild {
  readonly sha256: string;
  readonly name: string | null;
  readonly verdict: VerdictLevel;
}

/** What a file says of what it was found in: as much as its own level, so that an archive is no better than its worst file. */
const SAYS = [
  { heuristic: "contains-malicious", level: "malicious", title: "Contains a malicious file", score: 75 },
  { heuristic: "contains-suspicious", level: "suspicious", title: "Contains a suspicious file", score: 30 },
] as const;

/** The verdict with what these children say of it, in the place of what earlier ones said. */
export function withContents(
  verdict: Verdict,
  runs: readonly ModuleRun[],
  children: readonly JudgedChild[],
): Verdict {
  const own = verdict.reasons.filter(({ heuristic }) => !SAYS.some((one) => one.heuristic === heuristic));
  const said = SAYS.flatMap(({ heuristic, level, title, score }): VerdictReason[] => {
    const found = children.filter((child) => child.verdict === level);
    if (found.length === 0) return [];
    const evidence = found.slice(0, 10).map(({ sha256, name }) =>
      cut(name === null ? sha256 : `${sha256}: ${name}`)
    );
    return [{ heuristic, title, score, evidence, modules: [], attack: [] }];
  });
  return weigh([...own, ...said], runs);
}
