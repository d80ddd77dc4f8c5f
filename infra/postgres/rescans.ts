import { type Sha256, type TaskId, type Tlp, tlpOfRank, type Visibility } from "@assay/core";
import type { Annotator } from "./annotator.ts";
import type { Sql } from "./connect.ts";
import { createSubmission } from "./submissions.ts";
import { visible } from "./visibility.ts";

/** Which samples to analyse again, and how. */
export interface RescanRequest {
  /** Reports whose samples are meant; those that the asker may not see are left out. */
  readonly reports: readonly TaskId[];
  /** Names what asks, e.g. `job:<id>:<page>`: asking again under the same name queues nothing more. */
  readonly origin: string;
  /** Modules to run; null for the enabled set. */
  readonly modules: readonly string[] | null;
  readonly rescan: "changed" | "all";
  readonly maxAttempts: number;
}

/** Queues samples again by what a result shows of them. */
export interface Rescans {
  /** Gives how many tasks were made: none where that origin has asked before. */
  queue(request: RescanRequest, by: Annotator, visibility: Visibility): Promise<number>;
}

/** Rescans in PostgreSQL. */
export function createRescans(pool: Sql): Rescans {
  return {
    async queue(request, by, visibility) {
      return await pool.begin((tx) => queueRescans(tx as unknown as Sql, request, by, visibility)) as number;
    },
  };
}

interface Wanted {
  readonly sha256: Sha256;
  readonly size: string;
  readonly name: string | null;
  readonly tlp: number;
}

/**
 * Makes submissions of these reports' samples inside the caller's transaction: one a level, so that nobody sees of the
 * new report what he could not see of the one that it comes of.
 */
export async function queueRescans(
  sql: Sql,
  { reports, origin, modules, rescan, maxAttempts }: RescanRequest,
  by: Annotator,
  visibility: Visibility,
): Promise<number> {
  const rows = await sql<Wanted[]>`
    select distinct on (t.sha256) t.sha256, m.size, t.name, s.tlp from tasks t
    join submissions s on s.id = t.submission_id join samples m on m.sha256 = t.sha256
    where t.id = any(${[...reports] as string[]}) and ${
    visible(sql, visibility)
  } order by t.sha256, t.id desc`;
  let count = 0;
  for (const [rank, group] of [...Map.groupBy(rows, ({ tlp }) => tlp)].sort(([a], [b]) => a - b)) {
    const tlp: Tlp = tlpOfRank(rank);
    const files = group.map(({ sha256, size, name }) => ({ sha256, size: Number(size), name }));
    const made = await createSubmission(
      sql,
      {
        owner: by.id,
        ownerName: by.name,
        tlp,
        tags: [],
        metadata: {},
        priority: "bulk",
        rescan,
        modules,
        password: null,
        files,
        maxAttempts,
      },
      visibility,
      `${origin}:${tlp}`,
    );
    count += made?.ids.length ?? 0;
  }
  return count;
}
