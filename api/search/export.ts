import type { ExportRequest, SearchExport } from "@assay/infra";
import { usualColumns } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { jsonBody } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { countOpen } from "../limits/open.ts";
import { problemOf } from "../problem/failure.ts";
import { problemBody, ProblemError, problems } from "../problem/problem.ts";
import { byBody, FieldName, fieldNames } from "./counted.ts";
import { exportFormats } from "./export_format.ts";
import { streamExport } from "./export_stream.ts";
import { searched } from "./schema.ts";

const MAX_COLUMNS = 50;
const about =
  `Columns of CSV and NDJSON: \`reportId\` and fields but for texts and notes; for \`hashes\` one of sha256, ` +
  `sha1, md5, sha512. ${usualColumns.join()} by default`;

const parameters = {
  ...searched,
  sort: searched.sort.openapi({
    description: "As of `/search`; by default the order in which hits are kept, which is by far the fastest",
  }),
  format: z.enum(["ndjson", "csv", "hashes"]).default("ndjson"),
  limit: z.coerce.number().int().min(1).optional().openapi({ description: "Rows at most; all by default" }),
};

const text = z.string();
const route = { ...needs("read"), path: "/search/export", tags: ["search"] };
const responses = {
  200: {
    description:
      "All hits as they are read; `X-Total-Count` tells how many there are. Where that fails in mid-stream, " +
      'the last line tells the problem (`{"error":…}`, or a line that begins with `!error`) and the connection breaks off',
    headers: z.object({ "x-total-count": z.string() }),
    content: Object.fromEntries(
      ["application/x-ndjson", "text/csv", "text/plain"].map((type) => [type, { schema: text }]),
    ) as Record<"application/x-ndjson" | "text/csv" | "text/plain", { schema: typeof text }>,
  },
  ...problems(400, 503, 504),
};

const exportSearch = createRoute({
  ...route,
  method: "get",
  operationId: "exportSearch",
  summary: "All hits, however many, as NDJSON, CSV or hashes",
  request: {
    query: z.object({
      ...parameters,
      fields: fieldNames(MAX_COLUMNS).optional().openapi({
        type: "string",
        description: `${about}; with commas between`,
      }),
    }),
  },
  responses,
});

const postExport = createRoute({
  ...route,
  method: "post",
  operationId: "postExport",
  summary: byBody,
  request: {
    body: jsonBody(
      z.object({
        ...parameters,
        fields: z.array(FieldName).min(1).max(MAX_COLUMNS).optional().openapi({ description: about }),
      }).openapi("ExportRequest"),
    ),
  },
  responses,
});

type Asked = z.infer<z.ZodObject<typeof parameters>> & { readonly fields?: string[] | undefined };

/** `/search/export`. */
export function exportRoutes(api: ApiDependencies) {
  const router = createRouter();
  const exports = countOpen(api.settings.maxExports, "too-many-exports", "export");

  async function send(c: Context<ApiEnvironment>, request: Asked): Promise<Response> {
    const format = exportFormats[request.format];
    const asked = askedOf(request);
    const onEnd = exports.open(c.get("key").id);
    let all: SearchExport | undefined;
    try {
      const gone = new AbortController();
      const signal = AbortSignal.any([c.req.raw.signal, api.stopped, gone.signal]);
      all = await api.search.export({ ...asked, signal }, readerOf(c));
      const { q, mode, scope, columns } = asked;
      const detail = { q: q.slice(0, 1000), mode, scope, columns, format: request.format, total: all.total };
      await note(api.audit, c, "search.export", null, detail);
      const stream = streamExport({
        all,
        columns,
        format,
        problemOf: (cause) => problemBody(problemOf(cause), c.get("requestId")),
        onEnd: () => {
          onEnd();
          gone.abort();
        },
      });
      return new Response(stream, {
        headers: {
          "content-type": format.mediaType,
          "content-disposition": `attachment; filename="search.${format.extension}"`,
          "cache-control": "no-store",
          "x-total-count": String(all.total),
        },
      });
    } catch (cause) {
      onEnd();
      await all?.rows.return(undefined);
      throw cause;
    }
  }

  router.openapi(exportSearch, (c) => send(c, c.req.valid("query")));
  router.openapi(postExport, (c) => send(c, c.req.valid("json")));
  return router;
}

const digests = ["sha256", "sha1", "md5", "sha512"];

function askedOf({ format, fields, limit, ...searched }: Asked): ExportRequest {
  if (format !== "hashes") return { ...searched, columns: fields ?? usualColumns, limit };
  const [digest = "sha256", ...others] = fields ?? [];
  if (others.length > 0 || !digests.includes(digest)) {
    const got = fields!.join().slice(0, 200);
    throw new ProblemError(
      "invalid-column",
      `Cannot list hashes: expected one of ${digests.join()}, got '${got}'`,
    );
  }
  // Reports of a sample stand side by side then, and it is listed once.
  const sort = searched.scope === "reports" ? "sha256" : searched.sort;
  return { ...searched, sort, columns: [digest], limit };
}
