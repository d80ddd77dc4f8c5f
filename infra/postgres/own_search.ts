import type { KeyId, SavedSearchId, Visibility } from "@assay/core";
import type { Fragment, Sql } from "./connect.ts";
import { visible } from "./visibility.ts";

/** Something that saved searches are made to, such as hunts. */
export interface SearchUse {
  readonly name: string;
  /** How many there may be, of all keys and of one. */
  readonly limit: { readonly all: number; readonly perKey: number };
  /** Table, and condition, of those that count; they have `search_id` and `owner`. */
  readonly counted: Fragment;
}

/** Whether the reader may make a search of his own to one more of these; whoever wants to do the same waits for the end of the transaction. */
export async function claimOwnSearch(
  sql: Sql,
  id: SavedSearchId,
  visibility: Visibility,
  { name, limit, counted }: SearchUse,
): Promise<{ readonly owner: KeyId } | "not-found" | "not-owner" | "too-many"> {
  const [search] = await sql<{ owner: KeyId }[]>`
    select owner from searches q where id = ${id} and ${visible(sql, visibility, "q")} for key share`;
  if (!search) return "not-found";
  if (search.owner !== visibility.reader) return "not-owner";
  await sql`select pg_advisory_xact_lock(hashtext(${`assay_${name}`}))`;
  const [others] = await sql<{ all: number; own: number }[]>`
    select count(*)::int as all, count(*) filter (where owner = ${search.owner})::int as own
    from ${counted} and search_id <> ${id}`;
  return others!.all >= limit.all || others!.own >= limit.perKey ? "too-many" : search;
}
