import type { StixObject } from "../object.ts";

const COMPARISON =
  /(file:hashes\.(?:MD5|'SHA-1'|'SHA-256')|(?:url|domain-name|ipv4-addr|ipv6-addr):value) = '((?:[^'\\]|\\['\\])*)'/y;

/** Patterns: one observation of comparisons joined by OR, of paths that Assay writes, every string escaped. */
export function checkPattern(object: StixObject): string[] {
  if (object.type !== "indicator") return [];
  const { pattern, pattern_type: type } = object;
  if (typeof pattern !== "string") return ["pattern: expected a text"];
  if (type === "yara") {
    return /\brule\s+\w/.test(pattern) ? [] : ["pattern: expected a YARA rule"];
  }
  if (type !== "stix") return [`pattern_type: expected 'stix' or 'yara', got '${type}'`];
  return isPattern(pattern) ? [] : ["pattern: expected '[path = 'value' OR …]' with escaped strings"];
}

function isPattern(pattern: string): boolean {
  if (!pattern.startsWith("[")) return false;
  COMPARISON.lastIndex = 1;
  while (COMPARISON.test(pattern)) {
    if (pattern.slice(COMPARISON.lastIndex) === "]") return true;
    if (!pattern.startsWith(" OR ", COMPARISON.lastIndex)) return false;
    COMPARISON.lastIndex += 4;
  }
  return false;
}
