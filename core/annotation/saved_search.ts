import { z } from "zod";
import { queryModes } from "../query/mode.ts";
import { KeyId, SavedSearchId, Timestamp } from "../id/id.ts";
import { Description, Sharing, ShelfName } from "./list.ts";

/** What a saved search asks. */
export const SearchTerms = z.object({
  q: z.string().max(8192),
  scope: z.enum(["samples", "reports"]),
  mode: z.enum(queryModes),
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
