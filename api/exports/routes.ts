import {
  EXPORT_KIND,
  type ExportOption,
  fileFormOf,
  foreignOptions,
  isWithin,
  JobId,
  joinedForms,
  mostOf,
  ReportsExport,
  zipForm,
} from "@assay/core";
import type { Job } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json, jsonBody } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { attachment } from "../headers/attachment.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { countTarget } from "../search/target.ts";
import { FileAccepted, FileCount, FileRequest, ReportFile } from "./schema.ts";
import { readJob, shownFile } from "./shown.ts";

const params = z.object({ id: JobId });
const tags = ["exports"];

const create = createRoute({
  ...needs("read"),
  method: "post",
  path: "/exports",
  operationId: "createReportFile",
  tags,
  summary: "Make a file of many reports: of a search, a submission, a list or samples",
  description:
    "Ask with `dryRun` first, then with the number it told as `expected`: a job makes it, with what the key may see then. " +
    "A report that fails costs nothing but itself. The file is for the key that asked, for `jobs.keepResults`.",
  request: { body: jsonBody(FileRequest) },
  responses: {
    200: json(FileCount, "What `dryRun` counted"),
    202: json(FileAccepted, "The file that will be made"),
    ...problems(400, 404, 409, 413, 429, 504),
  },
});

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/exports",
  operationId: "listReportFiles",
  tags,
  summary: "Files of many reports that the key asked for, newest first",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(ReportFile, "ReportFile"), "A page of files"), ...problems(400) },
});

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/exports/{id}",
  operationId: "findReportFile",
  tags,
  summary: "One file that the key asked for: how far it is, or what it holds",
  request: { params },
  responses: { 200: json(ReportFile, "The file"), ...problems(400, 404, 503) },
});

const download = createRoute({
  ...needs("read"),
  method: "get",
  path: "/exports/{id}/download",
  operationId: "downloadReportFile",
  tags,
  summary: "The file itself, for the key that asked for it",
  description:
    "It holds what the key could see when it was made. A key whose clearance has been lowered since then is refused.",
  request: { params },
  responses: {
    200: {
      description: "The file",
      content: Object.fromEntries(
        [zipForm, ...Object.values(joinedForms)].map((
          { mediaType },
        ) => [mediaType, { schema: { type: "string" as const, format: "binary" } }]),
      ),
    },
    ...problems(400, 403, 404, 409, 503),
  },
});

const remove = createRoute({
  ...needs("read"),
  method: "delete",
  path: "/exports/{id}",
  operationId: "removeReportFile",
  tags,
  summary: "Remove a file that the key asked for; one that is being made is given up",
  request: { params },
  responses: { 204: { description: "Removed" }, ...problems(400, 404, 503) },
});

/** `/exports`: files of many reports. Each is its owner's alone, administrators' keys included: it shows what its owner sees. */
export function reportFileRoutes(api: ApiDependencies) {
  const router = createRouter();
  const { maxReports, maxKept, keep } = api.settings.reportFiles;

  router.openapi(create, async (c) => {
    const { dryRun, expected, ...asked } = c.req.valid("json");
    refuseOptions(asked);
    const key = c.get("key");
    const { submission, list, scope } = asked;
    if (submission !== undefined && !await api.submissions.find(submission, readerOf(c))) {
      throw new ProblemError("not-found", `Cannot find submission '${submission}'`);
    }
    if (list !== undefined && !await api.lists.find(list, readerOf(c))) {
      throw new ProblemError("not-found", `Cannot find list '${list}'`);
    }
    const target = submission === undefined
      ? asked
      : { q: `submission:${submission}`, mode: "default", scope } as const;
    const most = Math.min(maxReports, mostOf(asked) ?? Infinity);
    const count = await countTarget(api, c, target, most);
    if (dryRun) return c.json({ count }, 200);
    if (expected === undefined) {
      throw new ProblemError("invalid-request", `Cannot export: 'expected' is missing, ${count} are found`, {
        extra: { errors: [{ field: "expected", message: "Expected the number that 'dryRun' told" }] },
      });
    }
    if (count > most) {
      throw new ProblemError(
        "too-many-reports",
        `Cannot export ${count} reports: ${most} are allowed`,
        {
          extra: { limit: most },
        },
      );
    }
    if (expected !== count) {
      throw new ProblemError(
        "count-differs",
        `Cannot export: ${expected} were expected, ${count} are found`,
      );
    }
    const kept = await api.jobs.count(EXPORT_KIND, key.id, new Date(api.now().getTime() - keep));
    if (kept >= maxKept) {
      throw new ProblemError("too-many-exports", `Cannot make another file: ${kept} are made or kept`, {
        extra: { limit: maxKept },
      });
    }
    const params = { export: ReportsExport.parse(asked), expected: count };
    const { format, container, q } = asked;
    const detail = { format, container, scope, count, q: q?.slice(0, 1000), submission, list };
    await note(api.audit, c, "export.create", null, detail);
    const job = await api.jobs.create(EXPORT_KIND, params, key.id);
    return c.json({ id: job.id, count }, 202);
  });

  router.openapi(list, async (c) => {
    const page = await api.jobs.list(pageRequest(c.req.valid("query")), c.get("key").id, EXPORT_KIND);
    const items = await Promise.all(page.items.map(shown));
    return c.json(sendPage({ ...page, items: items.flatMap((item) => item ?? []) }), 200);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    return c.json((await shown((await own(c, id)).job))!, 200);
  });

  router.openapi(download, async (c) => {
    const { id } = c.req.valid("param");
    const { job, asked, made } = await own(c, id);
    if (job.status !== "complete" || made === null) {
      throw new ProblemError("job-not-complete", `Cannot fetch export '${id}': it is ${job.status}`);
    }
    if (!isWithin(made.needs, c.get("key").maxTlp)) {
      throw new ProblemError(
        "export-beyond-clearance",
        `Cannot fetch export '${id}': the key's clearance was lowered after it had been made`,
      );
    }
    const file = await api.exports.open(id);
    if (file === null) {
      throw new ProblemError("not-found", `Cannot find the file of export '${id}': it was removed`);
    }
    await note(api.audit, c, "export.download", id, { reports: made.reports, tlp: made.tlp });
    const { mediaType, extension } = fileFormOf(asked)!;
    return new Response(file.stream, {
      headers: {
        ...attachment(`reports-${id}.${extension}`, mediaType),
        "cache-control": "no-store",
        "content-length": String(file.size),
      },
    });
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    await own(c, id);
    await note(api.audit, c, "export.delete", id);
    await api.jobs.remove(id);
    await api.exports.remove(id);
    return c.body(null, 204);
  });

  /** A job that makes a file for the key that asks. */
  async function own(c: Context<ApiEnvironment>, id: JobId) {
    const job = await api.jobs.find(id);
    const read = job?.kind === EXPORT_KIND && job.owner === c.get("key").id ? readJob(job) : null;
    if (job === null || read === null) throw new ProblemError("not-found", `Cannot find export '${id}'`);
    return { job, ...read };
  }

  async function shown(job: Job) {
    const read = readJob(job);
    return read &&
      shownFile(job, read, job.status === "complete" ? await api.exports.size(job.id) : null, keep);
  }

  return router;
}

/** Refuses what the form doesn't take, and forms that can't be joined. */
function refuseOptions(asked: ReportsExport): void {
  const foreign: (ExportOption | "container")[] = foreignOptions(asked);
  if (fileFormOf(asked) === null) foreign.push("container");
  if (foreign.length === 0) return;
  throw new ProblemError(
    "invalid-request",
    `Cannot export as '${asked.format}': it takes no such ${foreign.map((name) => `'${name}'`).join(", ")}`,
    {
      extra: { errors: foreign.map((field) => ({ field, message: `Not for the format '${asked.format}'` })) },
    },
  );
}
