import { ModuleRun, Report } from "@assay/core";
import { z } from "@hono/zod-openapi";

const [ok, ...ends] = ModuleRun.options;

/** A report as it is described: `raw` is any JSON, whose recursive schema no description can hold. */
export const DescribedReport = Report.extend({
  modules: z.array(
    z.discriminatedUnion("status", [
      ok.extend({
        raw: z.unknown().openapi({ description: "Everything else that the module said; any JSON" }),
      }),
      ...ends,
    ]).openapi("ModuleRun"),
  ),
}).openapi("Report");
