import { type Tlp, tlpLevels, tlpRank } from "@assay/core";

/** A level as FIRST writes it, e.g. `TLP:AMBER+STRICT`. */
export function tlpLabel(tlp: Tlp): string {
  return `TLP:${tlp.toUpperCase()}`;
}

/** The line that every export carries, the same whatever its recipient may not see, so that it tells nothing of that. */
export function statementOf(tlp: Tlp): string {
  return `Contains what its recipient may see at ${tlpLabel(tlp)}`;
}

/** The most restricted of the levels. */
export function strictest(levels: readonly Tlp[]): Tlp {
  return tlpLevels[Math.max(...levels.map(tlpRank))]!;
}
