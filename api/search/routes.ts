import { fields, Sha256, TaskId, Timestamp, VerdictLevel } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { pageQuery } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { problems } from "../problem/problem.ts";

const SearchHit = z.object({
  sha256: Sha256,
  name: z.string().nullable(),
  size: z.int(),
  fileType: z.string(),
  mime: z.string(),
  verdict: VerdictLevel,
  score: z.number(),
  tags: z.array(z.string()),
  seen: Timestamp,
  reportId: TaskId,
  /** Fragments by field; matches are between U+E000 and U+E001, never HTML. */
  highlights: z.record(z.string(), z.array(z.string())),
}).openapi("SearchHit");

const SearchAnswer = z.object({
  /** `exact` is false where counting stopped. */
  total: z.object({ value: z.int(), exact: z.boolean() }),
  items: z.array(SearchHit),
  cursor: z.string().nullable(),
}).openapi("SearchAnswer");

const search = createRoute({
  ...needs("read"),
  method: "get",
  path: "/search",
  operationId: "search",
  tags: ["search"],
  summary: "Find samples or reports",
  request: {
    query: z.object({
      ...pageQuery,
      q: z.string().max(8192).default("").openapi({
        description: "The query; everything where empty",
        example: "verdict:malicious AND size:>=500kB",
      }),
      scope: z.enum(["samples", "reports"]).default("samples").openapi({
        description: "The latest state of each sample, or every report",
      }),
      sort: z.string().max(80).optional().openapi({
        description: "A field, `-` before it for descending; newest first by default",
        example: "-score",
      }),
    }),
  },
  responses: { 200: json(SearchAnswer, "A page of hits"), ...problems(400, 503, 504) },
});

const Field = z.object({
  name: z.string(),
  type: z.enum(["keyword", "name", "text", "long", "double", "date", "ip", "boolean"]),
  description: z.string(),
  example: z.string(),
  /** True where counting values makes sense. */
  facet: z.boolean(),
}).openapi("SearchField");

const listFields = createRoute({
  ...needs("read"),
  method: "get",
  path: "/search/fields",
  operationId: "listSearchFields",
  tags: ["search"],
  summary: "Fields that queries can name",
  responses: {
    200: json(z.object({ items: z.array(Field) }).openapi("SearchFields"), "All fields"),
    ...problems(),
  },
});

/** `GET /search` and `GET /search/fields`. */
export function searchRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(search, async (c) => {
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(api.settings.answerWithin)]);
    const result = await api.search.search({ ...c.req.valid("query"), signal }, readerOf(c));
    const items = result.items.map((hit) => ({
      ...hit,
      tags: [...hit.tags],
      highlights: Object.fromEntries(
        Object.entries(hit.highlights).map(([name, found]) => [name, [...found]]),
      ),
    }));
    return c.json({ ...result, items }, 200);
  });

  router.openapi(listFields, (c) =>
    c.json({
      items: fields.map(({ name, type, description, example, facet }) => ({
        name,
        type,
        description,
        example,
        facet,
      })),
    }, 200));

  return router;
}
