import { JobId, KeyId, SearchAction, Timestamp } from "@assay/core";
import type { Job as StoredJob } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { mayAll } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { attachment } from "../headers/attachment.ts";
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

/** How exports are sent. */
const types = {
  ndjson: { type: "application/x-ndjson", ending: "ndjson" },
  csv: { type: "text/csv; charset=utf-8", ending: "csv" },
  hashes: { type: "text/plain; charset=utf-8", ending: "txt" },
} as const;

const params = z.object({ id: JobId });
const tags = ["jobs"];

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/jobs",
  operationId: "listJobs",
  tags,
  summary: "Long work that the key asked for, newest first; all of it for administrators",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Job, "Job"), "A page of jobs"), ...problems(400) },
});

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/jobs/{id}",
  operationId: "findJob",
  tags,
  summary: "One job",
  request: { params },
  responses: { 200: json(Job, "The job"), ...problems(400, 404) },
});

const result = createRoute({
  ...needs("read"),
  method: "get",
  path: "/jobs/{id}/result",
  operationId: "downloadJobResult",
  tags,
  summary: "The file that an export made, for the key that asked for it",
  request: { params },
  responses: {
    200: {
      description: "The file",
      content: Object.fromEntries(
        Object.values(types).map((
          { type },
        ) => [type, { schema: { type: "string" as const, format: "binary" } }]),
      ),
    },
    ...problems(400, 404, 409, 503),
  },
});

const cancel = createRoute({
  ...needs("read"),
  method: "post",
  path: "/jobs/{id}/cancel",
  operationId: "cancelJob",
  tags,
  summary: "Cancel a job that isn't over",
  request: { params },
  responses: { 200: json(Job, "The job as it is now"), ...problems(400, 404, 409) },
});

/** Jobs: list, look, cancel, fetch what they made. Their parameters are their owner's, and administrators'. */
export function jobRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(list, async (c) => {
    const owner = mayAll(c) ? null : c.get("key").id;
    const page = await api.jobs.list(pageRequest(c.req.valid("query")), owner);
    return c.json(sendPage({ ...page, items: page.items.map(shown) }), 200);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(shown(await seen(c, id)), 200);
  });

  router.openapi(cancel, async (c) => {
    const { id } = c.req.valid("param");
    const job = await seen(c, id);
    if (job.status !== "pending" && job.status !== "running") {
      throw new ProblemError("job-final", `Cannot cancel job '${id}': it is ${job.status}`);
    }
    const cancelled = await api.jobs.cancel(id);
    if (!cancelled) throw missing(id);
    await note(api.audit, c, "job.cancel", id, { kind: job.kind });
    return c.json(shown(cancelled), 200);
  });

  router.openapi(result, async (c) => {
    const { id } = c.req.valid("param");
    const job = await api.jobs.find(id);
    const format = formatOf(job);
    if (job === null || format === null || job.owner !== c.get("key").id) throw missing(id);
    if (job.status !== "complete") {
      throw new ProblemError(
        "job-not-complete",
        `Cannot fetch the result of job '${id}': it is ${job.status}`,
      );
    }
    const file = await api.exports.open(id);
    if (file === null) {
      throw new ProblemError("not-found", `Cannot find the result of job '${id}': it was removed`);
    }
    await note(api.audit, c, "job.download", id, { kind: job.kind });
    const { type, ending } = types[format];
    return new Response(file.stream, {
      headers: { ...attachment(`${id}.${ending}`, type), "content-length": String(file.size) },
    });
  });

  /** The job, where the key asked for it or administers. */
  async function seen(c: Context<ApiEnvironment>, id: JobId): Promise<StoredJob> {
    const job = await api.jobs.find(id);
    if (job === null || job.owner !== c.get("key").id && !mayAll(c)) throw missing(id);
    return job;
  }

  return router;
}

function formatOf(job: StoredJob | null): keyof typeof types | null {
  const search = SearchAction.safeParse(job?.params["search"]);
  return search.success && search.data.action === "export" ? search.data.format : null;
}

function shown(job: StoredJob): z.infer<typeof Job> {
  return { ...job, params: { ...job.params }, result: job.result && { ...job.result } };
}

function missing(id: JobId): ProblemError {
  return new ProblemError("not-found", `Cannot find job '${id}'`);
}
