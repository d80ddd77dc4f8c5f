import { RETENTION_ORDER } from "@assay/infra";
import type { JobKind } from "../kind.ts";

/** Takes away what the configuration's rules say is old. Needs no checkpoint: what is taken is not due again. */
export default {
  kind: "retention",
  async run(job) {
    const taken = { samples: 0, bytes: 0, reports: 0 };
    let done = 0;
    for (const what of RETENTION_ORDER) {
      for (let after: string | null = null;;) {
        job.signal.throwIfAborted();
        const batch = await job.stores.retention.next(what, after);
        taken[what] += batch.removed.length;
        done += batch.removed.length;
        await job.progress(done, null, null);
        if (batch.after === null) break;
        after = batch.after;
      }
    }
    return taken;
  },
} satisfies JobKind;
