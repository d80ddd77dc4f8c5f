import { actionScopes, SearchAction } from "@assay/core";
import { walkResult } from "@assay/infra";
import type { JobKind } from "../kind.ts";
import { actionOf } from "../action.ts";

/** Analyses every sample of a result again, at the level of the report that was found. */
export default {
  kind: "search.rescan",
  async run(job) {
    const action = actionOf(job, "rescan", SearchAction);
    return await walkResult(
      job,
      action,
      [actionScopes[action.action]],
      async ({ hits, sha256s, number, asker }) => {
        const request = {
          reports: hits.map(({ reportId }) => reportId),
          origin: `job:${job.id}:${number}`,
          modules: action.modules ?? null,
          rescan: action.rescan,
          maxAttempts: job.stores.maxAttempts,
        };
        const queued = await job.stores.rescans.queue(request, asker.by, asker.visibility);
        return { samples: sha256s.length, queued };
      },
    );
  },
} satisfies JobKind;
