import { z } from "zod";
import { KeyId, SavedSearchId, Timestamp } from "../id/id.ts";
import { Tlp } from "../tlp/tlp.ts";

/** A saved search whose hits partners get as a TAXII collection, as far as a reader cleared to just `tlp` sees them. */
export const Publication = z.object({
  searchId: SavedSearchId,
  /** Names the collection to partners. */
  collectionId: z.uuid(),
  owner: KeyId,
  /** Who may read the collection, and up to which level it holds what the search finds. */
  tlp: Tlp,
  /** Reports in it. */
  reports: z.int(),
  /** When all that the search finds had been looked at; null while that goes on. */
  filled: Timestamp.nullable(),
  /** Why nothing new comes any more; null while it does. */
  stopped: z.string().nullable(),
  created: Timestamp,
});
/** A saved search whose hits partners get as a TAXII collection. */
export type Publication = z.infer<typeof Publication>;
