import { SavedSearchId } from "@assay/core";
import { walkResult } from "@assay/infra";
import { recordHits } from "../../hunt/hunt.ts";
import type { JobKind } from "../kind.ts";

/** Lets a hunt look at everything that is there already. What it has come upon before doesn't count again. */
export default {
  kind: "hunt.retro",
  async run(job) {
    const { hunts, maxAttempts, tell, searches } = job.stores;
    const id = SavedSearchId.parse(job.params["searchId"]);
    const visibility = { reader: job.owner, maxTlp: "clear" } as const;
    const [hunt, search] = [await hunts.find(id, visibility), await searches.find(id, visibility)];
    if (!hunt || !search || hunt.owner !== job.owner) {
      throw new Error(`Cannot find a hunt '${id}' of the key that asked`);
    }
    const { q, mode, scope } = search;
    return await walkResult(job, { q, mode, scope }, scopesOf(hunt), async ({ hits, asker }) => {
      const by = { ...asker.by, visibility: asker.visibility, maxAttempts };
      return { looked: hits.length, hits: await recordHits(hunt, hits, by, { hunts, tell }) };
    });
  },
} satisfies JobKind;

function scopesOf({ tags, rescan }: { tags: readonly string[]; rescan: readonly string[] | null }) {
  return [
    "read",
    ...tags.length > 0 ? ["annotate"] as const : [],
    ...rescan ? ["submit"] as const : [],
  ] as const;
}
