import { z } from "zod";
import { KeyId, Sha256, Timestamp } from "../id/id.ts";
import { Tlp } from "../tlp/tlp.ts";

/** A tag that an analyst gave a sample. Several may give the same one; each is the owner's, at his level. */
export const SampleTag = z.object({
  tag: z.string(),
  tlp: Tlp,
  owner: KeyId,
  /** Name of the key that gave it. */
  author: z.string(),
  added: Timestamp,
});
/** A tag that an analyst gave a sample. */
export type SampleTag = z.infer<typeof SampleTag>;

/** One change of a sample's tags. */
export const TagChange = z.object({
  sha256: Sha256,
  tag: z.string(),
  /** `changed`: the same owner gave it again at another level. */
  action: z.enum(["added", "changed", "removed"]),
  tlp: Tlp,
  owner: KeyId,
  /** Name of the key that made the change. */
  editor: z.string(),
  at: Timestamp,
});
/** One change of a sample's tags. */
export type TagChange = z.infer<typeof TagChange>;
