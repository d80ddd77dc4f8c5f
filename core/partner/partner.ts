import { z } from "zod";
import { SavedSearchId, Timestamp } from "../id/id.ts";
import { Tlp } from "../tlp/tlp.ts";

/** How pushing to a partner stands. */
export const Partner = z.object({
  name: z.string(),
  kind: z.enum(["taxii", "misp"]),
  /** Host and port of its server. */
  host: z.string(),
  /** Nothing above it leaves. */
  tlp: Tlp,
  /** The published search whose hits it gets; all of the level where null. */
  search: SavedSearchId.nullable(),
  /** `new`: nothing was tried yet. `waiting`: the last try failed, and `nextTry` is when it goes on. */
  state: z.enum(["new", "working", "waiting"]),
  /** When what was pushed last had been published; null before the first. */
  place: Timestamp.nullable(),
  /** Objects that it took, or reports in the case of a MISP. */
  sent: z.int().nonnegative(),
  /** Objects given up after the last try, until they are tried again. */
  dead: z.int().nonnegative(),
  /** Tries that failed since one went well. */
  failures: z.int().nonnegative(),
  nextTry: Timestamp.nullable(),
  lastSuccess: Timestamp.nullable(),
  lastError: z.string().nullable(),
});
/** How pushing to a partner stands. */
export type Partner = z.infer<typeof Partner>;

/** What happened with a partner: `sent`, `failed` (to be tried again), `dead` (given up), `tested`, `retried`. */
export const PartnerEvent = z.object({
  id: z.string(),
  at: Timestamp,
  event: z.enum(["sent", "failed", "dead", "tested", "retried"]),
  /** Objects, or reports, that it is about. */
  objects: z.int().nonnegative(),
  /** What the partner said, or what went wrong. */
  detail: z.string(),
});
/** What happened with a partner. */
export type PartnerEvent = z.infer<typeof PartnerEvent>;
