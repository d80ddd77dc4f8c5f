import { actionScopes, SearchAction } from "@assay/core";
import { walkResult } from "@assay/infra";
import type { JobKind } from "../kind.ts";
import { actionOf } from "../action.ts";

/** Tags every sample of a result. */
export default {
  kind: "search.tag",
  async run(job) {
    const action = actionOf(job, "tag", SearchAction);
    // The API has said which; without it nobody else sees them.
    const { tags, tlp = "red" } = action;
    return await walkResult(job, action, [actionScopes[action.action]], async ({ sha256s, asker }) => {
      const changed = await job.stores.sampleTags.add({ sha256s, tags, tlp }, asker.by, asker.visibility);
      return { samples: sha256s.length, changed: changed.length };
    });
  },
} satisfies JobKind;
