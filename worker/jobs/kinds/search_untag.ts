import { actionScopes, SearchAction } from "@assay/core";
import { walkResult } from "@assay/infra";
import type { JobKind } from "../kind.ts";
import { actionOf } from "../action.ts";

/** Takes the asking key's tags off every sample of a result; an administrator's job takes off everybody's. */
export default {
  kind: "search.untag",
  async run(job) {
    const action = actionOf(job, "untag", SearchAction);
    // A search for the tag itself gets shorter while its samples lose it: what is behind the cursor is not touched by that.
    return await walkResult(job, action, [actionScopes[action.action]], async ({ sha256s, asker }) => {
      const by = { ...asker.by, any: asker.mayAll };
      const changed = await job.stores.sampleTags.remove(
        { sha256s, tags: action.tags },
        by,
        asker.visibility,
      );
      return { samples: sha256s.length, changed: changed.length };
    });
  },
} satisfies JobKind;
