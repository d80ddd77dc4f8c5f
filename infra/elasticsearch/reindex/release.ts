import { exclusively, OccupiedError } from "../../postgres/exclusive.ts";
import type { Indices } from "./indices.ts";

/** The lock that whoever reindexes holds. */
export const REINDEX = "reindex";

/**
 * Lets writers in again where a reindex was killed while it held them back. Does nothing while one is running. Gives the
 * index.
 */
export async function releaseIndices(postgres: string, indices: Indices): Promise<string | null> {
  if (!await indices.held()) return null;
  try {
    return await exclusively(postgres, REINDEX, () => indices.release());
  } catch (error) {
    if (error instanceof OccupiedError) return null;
    throw error;
  }
}
