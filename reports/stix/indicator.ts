import type { Indicator } from "../model/model.ts";
import { isAllowed } from "./allow.ts";
import type { Context } from "./context.ts";
import type { StixObject } from "./object.ts";
import { patternString, stixHashes } from "./value.ts";

const DIGESTS = ["MD5", "SHA-1", "SHA-256"] as const;

/** The file by its digests, without its name; null for the file of no bytes, which everybody has. */
export function digestIndicator(context: Context): StixObject | null {
  const { model } = context;
  if (model.size === 0) return null;
  const hashes = stixHashes(model.digests);
  const comparisons = DIGESTS.flatMap((algorithm) => {
    const key = algorithm === "MD5" ? algorithm : patternString(algorithm);
    return hashes[algorithm] === undefined
      ? []
      : [`file:hashes.${key} = ${patternString(hashes[algorithm])}`];
  });
  return context.own("indicator", ["digests"], {
    name: `File ${model.sha256.slice(0, 12)}`,
    description: `The file with SHA-256 ${model.sha256}`,
    indicator_types: [model.verdict.level === "malicious" ? "malicious-activity" : "anomalous-activity"],
    pattern: `[${comparisons.join(" OR ")}]`,
    pattern_type: "stix",
    valid_from: model.submitted,
    confidence: Math.round(model.verdict.score),
  });
}

const PATHS: Readonly<Partial<Record<Indicator["type"], string>>> = {
  url: "url:value",
  domain: "domain-name:value",
  "ipv4-addr": "ipv4-addr:value",
  "ipv6-addr": "ipv6-addr:value",
};

/**
 * Where the sample calls, as an indicator; null unless it is malicious, was seen to call there or names it in its configuration, and the
 * place isn't one that everybody calls. What merely stands in a string never is one: blocking that hurts the innocent.
 */
export function networkIndicator(context: Context, indicator: Indicator): StixObject | null {
  const { model } = context;
  const path = PATHS[indicator.type];
  if (path === undefined || model.verdict.level !== "malicious") return null;
  if (indicator.seen !== "used" || isAllowed(indicator)) return null;
  return context.own("indicator", [indicator.type, indicator.value], {
    name: `Contacted: ${indicator.value}`,
    description: `The file with SHA-256 ${model.sha256} calls it (${indicator.sources.join(", ")})`,
    indicator_types: ["malicious-activity"],
    pattern: `[${path} = ${patternString(indicator.value)}]`,
    pattern_type: "stix",
    valid_from: model.submitted,
  });
}

/** Rules that matched and mean something bad, with the families they name. */
export function ruleIndicators(
  context: Context,
): { readonly indicator: StixObject; readonly families: string[] }[] {
  const { model } = context;
  const findings = model.engines.flatMap((engine) => engine.findings).filter(({ verdict }) =>
    verdict !== "informational"
  );
  return model.rules.flatMap(({ name, text }) => {
    const matched = findings.filter(({ label }) => label === name);
    if (matched.length === 0) return [];
    const malicious = matched.some(({ verdict }) => verdict === "malicious");
    const indicator = context.own("indicator", ["yara", name], {
      name: `YARA rule ${name}`,
      description: `A rule that matches the file with SHA-256 ${model.sha256}`,
      indicator_types: [malicious ? "malicious-activity" : "anomalous-activity"],
      pattern: text,
      pattern_type: "yara",
      valid_from: model.submitted,
    });
    return [{ indicator, families: matched.flatMap(({ family }) => family ?? []) }];
  });
}
