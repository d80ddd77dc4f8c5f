import type { SearchAction } from "@assay/core";
import type { z } from "zod";
import type { RunningJob } from "./kind.ts";

/** The parameters of a job as the action that it must be. @throws {Error} */
export function actionOf<A extends SearchAction["action"]>(
  job: RunningJob,
  action: A,
  schema: z.ZodType<SearchAction>,
): Extract<SearchAction, { action: A }> {
  const read = schema.safeParse(job.params["search"]);
  if (!read.success || read.data.action !== action) {
    throw new Error(`Cannot run '${action}': its parameters are not of that action`);
  }
  return read.data as Extract<SearchAction, { action: A }>;
}
