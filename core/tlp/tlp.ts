import { z } from "zod";
import type { KeyId } from "../id/id.ts";

/** The levels of the Traffic Light Protocol 2.0 (FIRST), least to most restricted. */
export const tlpLevels = ["clear", "green", "amber", "amber+strict", "red"] as const;
/** A level of the Traffic Light Protocol 2.0. */
export const Tlp = z.enum(tlpLevels);
/** A level of the Traffic Light Protocol 2.0. */
export type Tlp = z.infer<typeof Tlp>;

/** The rank of a level: 0 for clear to 4 for red. Stored as a small integer so that stores can compare. */
export function tlpRank(level: Tlp): number {
  return tlpLevels.indexOf(level);
}

/** The level of a rank. @throws {RangeError} for a number that is no rank. */
export function tlpOfRank(rank: number): Tlp {
  const level = tlpLevels[rank];
  if (level === undefined) throw new RangeError(`Cannot read TLP rank: expected 0 to 4, got ${rank}`);
  return level;
}

/** True where `level` may be shown to someone cleared up to `ceiling`. */
export function isWithin(level: Tlp, ceiling: Tlp): boolean {
  return tlpRank(level) <= tlpRank(ceiling);
}

/**
 * What a reader may see: everything of submissions up to `maxTlp`, and of the submissions he made himself.
 * A neutral value: only the repositories of `infra` turn it into SQL and Elasticsearch filters.
 */
export interface Visibility {
  /** The reading key; null for the platform's own processes. */
  readonly reader: KeyId | null;
  readonly maxTlp: Tlp;
}

/** What the platform's own processes see: everything. Never handed to a request. */
export const EVERYTHING: Visibility = { reader: null, maxTlp: "red" };

/** True where a submission of `owner` at `tlp` is visible: the one rule, for values in memory. */
export function canSee(visibility: Visibility, submission: { tlp: Tlp; owner: KeyId | null }): boolean {
  return isWithin(submission.tlp, visibility.maxTlp) ||
    (visibility.reader !== null && visibility.reader === submission.owner);
}
