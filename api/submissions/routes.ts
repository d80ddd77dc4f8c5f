import {
  Submission as CoreSubmission,
  SubmissionId,
  SubmissionOptions,
  type SubmittedFile,
} from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter, invalid } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { tellTask } from "../events/tell.ts";
import { MAX_BODY } from "../limits/body.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { parseDisposition } from "./disposition.ts";
import { findKnown } from "./known.ts";
import { parseOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import { Accepted, KnownSamples } from "./schema.ts";
import { receiveMultipart, receiveRaw, receiveText, tooManyFiles } from "./upload.ts";

const Submission = named(CoreSubmission, "Submission");
const optionsRef = { $ref: "#/components/schemas/SubmissionOptions" };
const binary = { type: "string" as const, format: "binary" };

const create = createRoute({
  ...needs("submit"),
  method: "post",
  path: "/submissions",
  operationId: "createSubmission",
  tags: ["submissions"],
  summary: "Submit files for analysis",
  description:
    "Multipart with one or more `file` parts and an optional `options` part (JSON); or one file as raw body " +
    "(`application/octet-stream`) with its name in `Content-Disposition` or `?name=` and its options as JSON in " +
    "`?options=` or the header `X-Assay-Options`; or JSON with the hashes of samples that the key may see.",
  request: {
    query: z.object({
      name: z.string().max(10_000).optional().openapi({ description: "Name of a raw body's file" }),
      options: z.string().max(65_536).optional().openapi({ description: "Options of a raw body, as JSON" }),
    }),
    // Plain schemas, not zod's: a validator would read the upload into memory.
    body: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            required: ["file"],
            properties: { file: { type: "array", items: binary }, options: optionsRef },
          },
        },
        "application/octet-stream": { schema: binary },
        "application/json": { schema: { $ref: "#/components/schemas/KnownSamples" } },
      },
    },
  },
  responses: {
    202: json(Accepted, "Accepted: a task for each file, in the order they were sent"),
    ...problems(400, 404, 408, 413, 415, 503),
  },
});

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/submissions",
  operationId: "listSubmissions",
  tags: ["submissions"],
  summary: "Submissions, newest first",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Submission, "Submission"), "A page of submissions"), ...problems(400) },
});

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/submissions/{id}",
  operationId: "findSubmission",
  tags: ["submissions"],
  summary: "One submission",
  request: { params: z.object({ id: SubmissionId }) },
  responses: { 200: json(Submission, "The submission"), ...problems(400, 404) },
});

/** `POST` and `GET /submissions`. */
export function submissionRoutes(api: ApiDependencies) {
  const router = createRouter();
  router.openAPIRegistry.register("SubmissionOptions", named(SubmissionOptions, "SubmissionOptions"));
  router.openAPIRegistry.register("KnownSamples", KnownSamples);

  router.openapi(create, async (c) => {
    const { files, options } = await receive(c, c.req.valid("query"), api);
    const key = c.get("key");
    const { submission, tasks } = await api.submissions.create({
      owner: key.id,
      ownerName: key.name,
      tlp: options.tlp ?? api.settings.defaultTlp,
      tags: options.tags,
      metadata: options.metadata,
      priority: options.priority,
      rescan: options.rescan,
      modules: options.chosen,
      password: options.password ?? null,
      files,
      maxAttempts: api.settings.maxAttempts,
    }, readerOf(c));
    await note(api.audit, c, "submission.create", submission.id, {
      files: files.length,
      tlp: submission.tlp,
    });
    for (const task of tasks) tellTask(api, task);
    const accepted = tasks.map(({ id, sha256, size, name, status, reportId }) => (
      { id, sha256, size, name, status, reportId }
    ));
    return c.json({ id: submission.id, tasks: accepted }, 202, {
      location: `/api/v1/submissions/${submission.id}`,
    });
  });

  router.openapi(list, async (c) => {
    return c.json(sendPage(await api.submissions.list(pageRequest(c.req.valid("query")), readerOf(c))), 200);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    const submission = await api.submissions.find(id, readerOf(c));
    if (!submission) throw new ProblemError("not-found", `Cannot find submission '${id}'`);
    return c.json(submission, 200);
  });

  return router;
}

/** Takes the files in, whichever way they come. */
async function receive(
  c: Context<ApiEnvironment>,
  query: { name?: string | undefined; options?: string | undefined },
  api: ApiDependencies,
): Promise<{ files: readonly SubmittedFile[]; options: ResolvedOptions }> {
  const request = c.req.raw;
  const limits = { ...api.settings, signal: api.stopped };
  const type = (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();

  if (type === "multipart/form-data") {
    let options: ResolvedOptions | undefined;
    const { files } = await receiveMultipart(request, api.samples, limits, async (text) => {
      options = await resolveOptions(parseOptions(text), api);
    });
    return { files, options: options! };
  }
  if (type === "application/octet-stream") {
    const text = query.options ?? request.headers.get("x-assay-options");
    const options = await resolveOptions(parseOptions(text), api);
    const disposition = request.headers.get("content-disposition");
    const name = query.name ?? (disposition === null ? null : parseDisposition(disposition).filename);
    return { files: [await receiveRaw(request, name, api.samples, limits)], options };
  }
  if (type === "application/json") {
    const text = await receiveText(request, MAX_BODY, api.settings.uploadIdle);
    const known = KnownSamples.safeParse(parseJson(text));
    if (!known.success) throw invalid("json", known.error);
    const { hashes, options } = known.data;
    if (hashes.length > api.settings.maxFiles) throw tooManyFiles(api.settings.maxFiles);
    const resolved = await resolveOptions(options ?? parseOptions(null), api);
    return { files: await findKnown(hashes, readerOf(c), api), options: resolved };
  }
  throw new ProblemError(
    "unsupported-type",
    `Cannot read content type '${
      type.slice(0, 100)
    }': expected multipart/form-data, application/octet-stream or application/json`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProblemError("invalid-json", "Cannot read body: it is not valid JSON", { cause });
  }
}
