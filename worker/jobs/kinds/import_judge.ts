import { ImportId } from "@assay/core";
import { JUDGE_IMPORT } from "@assay/infra";
import { z } from "zod";
import { judgeTasks } from "../../relay/judge.ts";
import type { JobKind } from "../kind.ts";

const Params = z.object({ importId: ImportId });
/** Where it is: the last sample that was judged, and how many were before. */
const Checkpoint = z.object({ last: z.string(), samples: z.int(), reports: z.int() });

/** Samples judged between two checkpoints. */
const PORTION = 20;

/** Has the newest reports of an import's samples say what is known of them now: after the import, and after its removal. */
export default {
  kind: JUDGE_IMPORT,
  async run({ params, checkpoint, stores, signal, progress }) {
    const { importId } = Params.parse(params);
    let { last, samples, reports } = Checkpoint.parse(checkpoint ?? { last: "", samples: 0, reports: 0 });
    for (;;) {
      signal.throwIfAborted();
      const some = await stores.imports.spokenOf(importId, last, PORTION);
      if (some.length === 0) return { samples, reports };
      const tasks = await stores.judging.parents.newest(some);
      await judgeTasks(tasks, stores.judging);
      last = some.at(-1)!;
      samples += some.length;
      reports += tasks.length;
      await progress(samples, null, { last, samples, reports });
    }
  },
} satisfies JobKind;
