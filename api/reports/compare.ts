import { compareReports, ReportComparison, TaskId } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, named } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const compare = createRoute({
  ...needs("read"),
  method: "get",
  path: "/reports/{id}/compare/{other}",
  operationId: "compareReports",
  tags: ["pivots"],
  summary: "How two reports differ, of one sample or of two",
  request: { params: z.object({ id: TaskId, other: TaskId }) },
  responses: {
    200: json(named(ReportComparison, "ReportComparison"), "`a` is the first report, `b` the other"),
    ...problems(400, 404, 503),
  },
});

/** `GET /reports/{id}/compare/{other}`. */
export function compareRoutes(api: ApiDependencies) {
  const router = createRouter();
  router.openapi(compare, async (c) => {
    const { id, other } = c.req.valid("param");
    const [a, b] = await Promise.all([id, other].map(async (one) => {
      const report = await api.reports.find(one, readerOf(c));
      if (!report) throw new ProblemError("not-found", `Cannot find report '${one}'`);
      return report;
    }));
    return c.json(compareReports(a!, b!), 200);
  });
  return router;
}
