import type { StixObject } from "../object.ts";

/** Values that properties may have, by type: the specification leaves these lists open, Assay doesn't. */
const VALUES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  identity: { identity_class: ["organization"] },
  indicator: {
    indicator_types: ["malicious-activity", "anomalous-activity"],
    pattern_type: ["stix", "yara"],
  },
  malware: {
    malware_types: ["unknown"],
    architecture_execution_envs: ["alpha", "arm", "ia-64", "mips", "powerpc", "sparc", "x86", "x86-64"],
  },
  "malware-analysis": { result: ["malicious", "suspicious", "benign", "unknown"] },
  report: { report_types: ["malware"] },
};

/** Relationships by their sources and targets (STIX 2.1, appendix B), as far as Assay writes them. */
const RELATIONSHIPS: Readonly<
  Record<string, readonly [sources: readonly string[], targets: readonly string[]]>
> = {
  uses: [["malware"], ["attack-pattern"]],
  "related-to": [["file"], ["attack-pattern"]],
  "variant-of": [["malware"], ["malware"]],
  drops: [["malware"], ["file"]],
  "communicates-with": [["malware"], ["url", "domain-name", "ipv4-addr", "ipv6-addr"]],
  "static-analysis-of": [["malware-analysis"], ["malware"]],
  "dynamic-analysis-of": [["malware-analysis"], ["malware"]],
  indicates: [["indicator"], ["malware"]],
  "based-on": [["indicator"], ["observed-data"]],
};

/** Vocabularies: closed lists of values, names of products, and which relationships there are. */
export function checkVocabulary(object: StixObject): string[] {
  const problems = Object.entries(VALUES[object.type] ?? {}).flatMap(([name, allowed]) =>
    [object[name] ?? []].flat().flatMap((value) =>
      allowed.includes(value as string) ? [] : [`${name}: expected ${allowed.join(" or ")}, got '${value}'`]
    )
  );
  if (object.type === "malware-analysis" && !/^[a-z0-9-]+$/.test(String(object.product))) {
    problems.push(`product: expected small letters, digits and dashes, got '${object.product}'`);
  }
  return object.type === "relationship" ? [...problems, ...checkRelationship(object)] : problems;
}

function checkRelationship({ relationship_type: type, source_ref, target_ref }: StixObject): string[] {
  const [source, target] = [source_ref, target_ref].map((id) => String(id).split("--")[0]!);
  const known = RELATIONSHIPS[String(type)];
  if (known?.[0].includes(source!) && known[1].includes(target!)) return [];
  return [`relationship_type: expected one of the specification, got '${source} ${type} ${target}'`];
}
