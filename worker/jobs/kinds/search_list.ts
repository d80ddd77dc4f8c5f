import { actionScopes, SearchAction } from "@assay/core";
import { walkResult } from "@assay/infra";
import type { JobKind } from "../kind.ts";
import { actionOf } from "../action.ts";

/** Puts every sample of a result on a list. */
export default {
  kind: "search.add-to-list",
  async run(job) {
    const action = actionOf(job, "add-to-list", SearchAction);
    return await walkResult(job, action, [actionScopes[action.action]], async ({ sha256s, asker }) => {
      const changed = await job.stores.lists.put(action.listId, sha256s, asker.by, asker.visibility);
      if (changed === null) throw new Error(`Cannot find list '${action.listId}'`);
      return { samples: sha256s.length, changed };
    });
  },
} satisfies JobKind;
