import type { ReportComparison } from "./comparison.ts";
import type { ExecutableSection } from "./sections.ts";

type Match = ReportComparison["sections"][number];

/**
 * Pairs the sections of two executables: by name (the first `.text` of one with the first of the other), what is left by content.
 * Those of `a` come in its order, then what only `b` has.
 */
export function matchSections(a: readonly ExecutableSection[], b: readonly ExecutableSection[]): Match[] {
  const partners = new Map<number, number>();
  const free = new Set(b.keys());
  const pair = (keyOf: (section: ExecutableSection) => string | null) => {
    const waiting = Map.groupBy(free, (at) => keyOf(b[at]!));
    for (const [at, section] of a.entries()) {
      const key = keyOf(section);
      if (key === null || partners.has(at)) continue;
      const partner = waiting.get(key)?.shift();
      if (partner === undefined) continue;
      partners.set(at, partner);
      free.delete(partner);
    }
  };
  pair((section) => section.name);
  pair((section) => section.sha256);
  return [
    ...a.map((section, at): Match => {
      const partner = partners.get(at);
      if (partner === undefined) return { change: "onlyA", a: sideOf(section), b: null };
      return { change: changeOf(section, b[partner]!), a: sideOf(section), b: sideOf(b[partner]!) };
    }),
    ...[...free].map((at): Match => ({ change: "onlyB", a: null, b: sideOf(b[at]!) })),
  ];
}

function changeOf(a: ExecutableSection, b: ExecutableSection): Match["change"] {
  if (a.name !== b.name) return "renamed";
  return a.sha256 === b.sha256 && a.size === b.size ? "same" : "changed";
}

function sideOf({ name, sha256, size, entropy }: ExecutableSection): NonNullable<Match["a"]> {
  return { name, sha256, size, entropy };
}
