import { JobId, KeyId, Timestamp } from "@assay/core";
import type { Job as StoredJob } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const Job = z.object({
  id: JobId,
  kind: z.string(),
  status: z.enum(["pending", "running", "complete", "failed", "cancelled"]),
  done: z.number(),
  /** Null while it isn't known. */
  total: z.number().nullable(),
  params: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.string().nullable(),
  owner: KeyId.nullable(),
  created: Timestamp,
  started: Timestamp.nullable(),
  finished: Timestamp.nullable(),
}).openapi("Job");

const params = z.object({ id: JobId });
const tags = ["jobs"];

const list = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/jobs",
  operationId: "listJobs",
  tags,
  summary: "Long work, newest first",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Job, "Job"), "A page of jobs"), ...problems(400) },
});

const find = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/jobs/{id}",
  operationId: "findJob",
  tags,
  summary: "One job",
  request: { params },
  responses: { 200: json(Job, "The job"), ...problems(400, 404) },
});

const cancel = createRoute({
  ...needs("admin"),
  method: "post",
  path: "/jobs/{id}/cancel",
  operationId: "cancelJob",
  tags,
  summary: "Cancel a job that isn't over",
  request: { params },
  responses: { 200: json(Job, "The job as it is now"), ...problems(400, 404, 409) },
});

/** Jobs: list, look, cancel. Their parameters may name what only administrators see. */
export function jobRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(list, async (c) => {
    const page = await api.jobs.list(pageRequest(c.req.valid("query")));
    return c.json(sendPage({ ...page, items: page.items.map(shown) }), 200);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(shown(await api.jobs.find(id) ?? missing(id)), 200);
  });

  router.openapi(cancel, async (c) => {
    const { id } = c.req.valid("param");
    const job = await api.jobs.find(id) ?? missing(id);
    if (job.status !== "pending" && job.status !== "running") {
      throw new ProblemError("job-final", `Cannot cancel job '${id}': it is ${job.status}`);
    }
    const cancelled = await api.jobs.cancel(id) ?? missing(id);
    await note(api.audit, c, "job.cancel", id, { kind: job.kind });
    return c.json(shown(cancelled), 200);
  });

  return router;
}

function shown(job: StoredJob): z.infer<typeof Job> {
  return { ...job, params: { ...job.params }, result: job.result && { ...job.result } };
}

function missing(id: JobId): never {
  throw new ProblemError("not-found", `Cannot find job '${id}'`);
}
