import { exclusively, OccupiedError } from "../../postgres/exclusive.ts";
import type { Indices } from "./indices.ts";

/** The lock that whoever reindexes holds. */
export const REINDEX = "reindex";

/**
 * Lets writers in again where a reindex was killed while it held them back. Does nothing while one is running. Gives the
 * indices.
 */
export async function releaseIndices(postgres: string, indices: Indices): Promise<string[]> {
  const held = await indices.held();
  if (held.length === 0) return [];
  try {
    return await exclusively(postgres, REINDEX, async () => {
      const released = await Promise.all(held.map((scope) => indices.release(scope)));
      return released.filter((name) => name !== null);
    });
  } catch (error) {
    if (error instanceof OccupiedError) return [];
    throw error;
  }
}
