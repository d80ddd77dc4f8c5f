import { z } from "zod";
import { KeyId, SavedSearchId, Timestamp } from "../id/id.ts";
import { Description, Sharing, ShelfName } from "./list.ts";

/** What a saved search asks. */
export const SearchTerms = z.object({
  q: z.string().max(8192),
  scope: z.enum(["samples", "reports"]),
  /** How a page reads and shows it, e.g. `table`; kept as given. */
  mode: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/).nullable(),
  sort: z.string().max(80).nullable(),
});
/** What a saved search asks. */
export type SearchTerms = z.infer<typeof SearchTerms>;

/** A search under a name. */
export const SavedSearch = SearchTerms.extend({
  id: SavedSearchId,
  name: ShelfName,
  description: Description.nullable(),
  owner: KeyId,
  /** Name of the key that saved it. */
  author: z.string(),
  /** Null where it is the owner's alone. */
  tlp: Sharing,
  created: Timestamp,
  changed: Timestamp,
});
/** A search under a name. */
export type SavedSearch = z.infer<typeof SavedSearch>;
