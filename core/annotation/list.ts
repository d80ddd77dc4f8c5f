import { z } from "zod";
import { KeyId, ListId, Sha256, Timestamp } from "../id/id.ts";
import { Tlp } from "../tlp/tlp.ts";

/** Name of a list or a saved search. */
export const ShelfName = z.string().trim().min(1).max(100).refine(
  // deno-lint-ignore no-control-regex -- these are what is refused
  (name) => !/[\x00-\x1f\x7f]/.test(name),
  "Expected a name without control characters",
);
/** What a list or a saved search is for, in words. */
export const Description = z.string().max(2000).refine(
  (text) => !text.includes("\0"),
  "Expected text without U+0000",
);
/** Who may see a list or a saved search beside its owner: those cleared for the level; null for nobody. */
export const Sharing = Tlp.nullable();

/** A named list of samples. */
export const SampleList = z.object({
  id: ListId,
  name: z.string(),
  description: z.string().nullable(),
  owner: KeyId,
  /** Name of the key that made it. */
  author: z.string(),
  /** Null where it is the owner's alone. */
  tlp: Sharing,
  /** How many of its samples the reader sees; counting stops at 10,000. */
  samples: z.int(),
  created: Timestamp,
});
/** A named list of samples. */
export type SampleList = z.infer<typeof SampleList>;

/** A sample on a list. */
export const ListedSample = z.object({
  sha256: Sha256,
  /** Name of the key that put it there. */
  author: z.string(),
  added: Timestamp,
});
/** A sample on a list. */
export type ListedSample = z.infer<typeof ListedSample>;
