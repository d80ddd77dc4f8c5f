import { TaskId } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { matches } from "../assets/serve.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { DescribedReport } from "./schema.ts";

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/reports/{id}",
  operationId: "findReport",
  tags: ["reports"],
  summary: "All content of one scan of one sample",
  request: { params: z.object({ id: TaskId }) },
  responses: {
    200: json(DescribedReport, "The report; its `ETag` moves with its revision"),
    304: { description: "The client has this revision" },
    ...problems(400, 404, 503),
  },
});

/** `GET /reports/{id}`. */
export function reportRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    const report = await api.reports.find(id, readerOf(c));
    if (!report) throw new ProblemError("not-found", `Cannot find report '${id}'`);
    const etag = `"${report.id}-${report.revision}"`;
    const headers = { etag, "cache-control": "private, no-cache" };
    if (matches(c.req.header("if-none-match") ?? null, etag)) return c.body(null, 304, headers);
    return c.json(report, 200, headers);
  });

  return router;
}
