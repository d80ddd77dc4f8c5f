import type { Observation } from "@assay/core";
import type { Findings, Json } from "../../module/define.ts";
import type { RuleMatch } from "./protocol.ts";

/** Matching rules kept of one sample. */
const MOST_RULES = 500;

/** Matches as detections, with techniques that the rules name; null where no rule matches. */
export function reportMatches(matches: readonly RuleMatch[]): Findings | null {
  if (matches.length === 0) return null;
  const kept = matches.slice(0, MOST_RULES);
  return {
    observations: kept.flatMap(observationsOf),
    raw: kept.map(({ rule, namespace, tags, strings, count }) => ({
      rule,
      namespace,
      tags,
      strings,
      count,
    })) as Json,
    ...(matches.length > MOST_RULES &&
      { limits: [`yara: ${MOST_RULES} of ${matches.length} matching rules kept`] }),
  };
}

function observationsOf({ rule, tags, meta }: RuleMatch): Observation[] {
  const text = (key: string) => meta[key] === undefined ? undefined : String(meta[key]).slice(0, 1024);
  const family = text("family") ?? text("malware");
  const techniques = (text("attack") ?? text("mitre_att") ?? "").match(/\bT\d{4}(?:\.\d{3})?\b/g) ?? [];
  const shown = Object.entries(meta).slice(0, 30).map((
    [key, value],
  ) => [key.slice(0, 64), String(value).slice(0, 1024)]);
  return [
    {
      type: "detection",
      engine: "yara",
      label: rule,
      verdict: verdictOf(meta),
      ...(family && { family }),
      meta: Object.fromEntries([
        ...shown,
        ...(tags.length > 0 ? [["tags", tags.join(", ").slice(0, 1024)]] : []),
      ]),
    },
    ...techniques.map((id): Observation => ({ type: "technique", id, reason: `YARA rule ${rule}` })),
  ];
}

/** What the rule's author means by it: `verdict` or `severity` in its metadata; suspicious where he says nothing. */
function verdictOf(meta: RuleMatch["meta"]): "malicious" | "suspicious" | "informational" {
  const said = String(meta["verdict"] ?? meta["severity"] ?? "").toLowerCase();
  if (["malicious", "critical", "high"].includes(said)) return "malicious";
  return ["informational", "info", "low", "none"].includes(said) ? "informational" : "suspicious";
}
