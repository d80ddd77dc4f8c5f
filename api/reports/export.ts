import {
  ExportFormat,
  exportForms,
  type ExportOptions,
  exportProfiles,
  foreignOptions,
  reportSections,
  Sha256,
  TaskId,
} from "@assay/core";
import { ExportError, type ReportExportRequest } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { createRouter } from "../app/router.ts";
import { tagsOf } from "../assets/serve.ts";
import { note } from "../audit/note.ts";
import { attachment } from "../headers/attachment.ts";
import { countOpen } from "../limits/open.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const format = z.string().max(40).openapi({
  enum: Object.keys(exportForms),
  description: Object.entries(exportForms).map(([name, { mediaType }]) => `\`${name}\`: ${mediaType}`)
    .join("; "),
});

const query = z.object({
  profile: z.enum(exportProfiles).optional().openapi({
    description: "Of STIX: `misp` for what MISP can read. Other formats take none",
  }),
  defang: z.enum(["true", "false"]).optional().openapi({
    description:
      "Takes links apart. Text is defanged and CSV is not unless this says otherwise; JSON and STIX never are",
  }),
  sections: z.string().max(500).optional().openapi({
    description: `Parts of formats for people, with commas between: ${reportSections.join(", ")}`,
  }),
});

const binary = { schema: { type: "string" as const, format: "binary" } };

const answers = {
  200: {
    description:
      "The export. Its `ETag` moves with the report, with notes and tags, and with what the key may see",
    content: Object.fromEntries(
      Object.values(exportForms).map(({ mediaType }) => [mediaType.split(";")[0]!, binary]),
    ),
  },
  304: { description: "The client has this export; nothing was made" },
  ...problems(400, 404, 501, 503, 504),
};

const exportReport = createRoute({
  ...needs("read"),
  method: "get",
  path: "/reports/{id}/export/{format}",
  operationId: "exportReport",
  tags: ["reports"],
  summary: "A report in a form that leaves: for people, for machines, for other platforms",
  request: { params: z.object({ id: TaskId, format }), query },
  responses: answers,
});

const exportSample = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/export/{format}",
  operationId: "exportSample",
  tags: ["samples"],
  summary: "The newest report of a sample in a form that leaves",
  request: { params: z.object({ sha256: Sha256, format }), query },
  responses: answers,
});

/** `GET /reports/{id}/export/{format}` and `GET /samples/{sha256}/export/{format}`. */
export function reportExportRoutes(api: ApiDependencies) {
  const router = createRouter();
  const open = countOpen(api.settings.maxReportExports, "too-many-exports", "export");

  router.openapi(exportReport, async (c) => {
    const { id, format } = c.req.valid("param");
    const options = optionsOf(format, c.req.valid("query"));
    return await give(c, options, { report: id }, `Cannot find report '${id}'`);
  });

  router.openapi(exportSample, async (c) => {
    const { sha256, format } = c.req.valid("param");
    const options = optionsOf(format, c.req.valid("query"));
    return await give(c, options, { sample: sha256 }, `Cannot find sample '${sha256}'`);
  });

  async function give(
    c: Context<ApiEnvironment>,
    options: ExportOptions,
    of: ReportExportRequest["of"],
    missing: string,
  ): Promise<Response> {
    const close = open.open(c.get("key").id);
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new DOMException("Took too long", "TimeoutError")),
      api.settings.answerWithin,
    );
    try {
      // Fetching what was made may take as long as the client needs; only making it is bounded.
      const signal = AbortSignal.any([c.req.raw.signal, api.stopped, late.signal]);
      const known = tagsOf(c.req.header("if-none-match") ?? null);
      const made = await api.reportExports.export({ ...options, of, known, visibility: readerOf(c) }, signal)
        .catch((cause) => {
          const absent = cause instanceof ExportError && cause.refusal === "not-found";
          throw absent ? new ProblemError("not-found", missing, { cause }) : cause;
        });
      const headers = { etag: made.etag, "cache-control": "private, no-cache", vary: "Authorization" };
      if (made.body === null) return new Response(null, { status: 304, headers });
      const { mediaType, extension } = exportForms[options.format];
      await note(api.audit, c, "report.export", made.report, { ...options });
      return new Response(made.body, {
        headers: {
          ...attachment(`report-${made.report}.${extension}`, mediaType),
          ...headers,
          "content-length": String(made.size),
        },
      });
    } finally {
      clearTimeout(timer);
      close();
    }
  }

  return router;
}

/** @throws {ProblemError} for an option that the format doesn't take, and for a part that no report has */
function optionsOf(name: string, asked: z.infer<typeof query>): ExportOptions {
  const { data: format } = ExportFormat.safeParse(name);
  if (format === undefined) {
    throw new ProblemError(
      "unknown-format",
      `Cannot export as '${name}': expected one of ${Object.keys(exportForms).join(", ")}`,
    );
  }
  const sections = asked.sections === undefined ? null : Sections.safeParse(asked.sections.split(","));
  if (sections?.success === false) {
    throw wrong("sections", `Expected some of ${reportSections.join(", ")}, with commas between`);
  }
  const options: ExportOptions = {
    format,
    profile: asked.profile ?? null,
    defang: asked.defang === undefined ? null : asked.defang === "true",
    sections: sections?.data ?? null,
  };
  const [foreign] = foreignOptions(options);
  if (foreign !== undefined) throw wrong(foreign, `'${format}' doesn't take it`);
  return options;
}

const Sections = z.array(z.enum(reportSections)).min(1).max(reportSections.length);

function wrong(field: string, message: string): ProblemError {
  return new ProblemError("invalid-request", `Cannot read query: '${field}' is wrong`, {
    extra: { errors: [{ field, message }] },
  });
}
