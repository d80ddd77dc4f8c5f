import type { SearchResult } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { problems } from "../problem/problem.ts";
import { byBody, signalOf } from "./counted.ts";
import { fieldRoutes } from "./fields.ts";
import { SearchAnswer, searchParameters } from "./schema.ts";

const route = { ...needs("read"), path: "/search", tags: ["search"] };
const responses = { 200: json(SearchAnswer, "A page of hits"), ...problems(400, 410, 503, 504) };

const search = createRoute({
  ...route,
  method: "get",
  operationId: "search",
  summary: "Find samples or reports",
  request: { query: z.object(searchParameters) },
  responses,
});

const postSearch = createRoute({
  ...route,
  method: "post",
  operationId: "postSearch",
  summary: byBody,
  request: { body: jsonBody(z.object(searchParameters).openapi("SearchRequest")) },
  responses,
});

/** `/search` and `/search/fields`. */
export function searchRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(search, async (c) => {
    const request = c.req.valid("query");
    const result = await api.search.search({ ...request, signal: signalOf(api, c) }, readerOf(c));
    return c.json(send(result, request.show), 200);
  });

  router.openapi(postSearch, async (c) => {
    const request = c.req.valid("json");
    const result = await api.search.search({ ...request, signal: signalOf(api, c) }, readerOf(c));
    return c.json(send(result, request.show), 200);
  });

  fieldRoutes(router);
  return router;
}

function send(
  { total, items, ids, cursor }: SearchResult,
  show: z.infer<typeof searchParameters.show>,
): z.infer<typeof SearchAnswer> {
  const hits = items.map((hit) => ({
    ...hit,
    tags: [...hit.tags],
    highlights: Object.fromEntries(
      Object.entries(hit.highlights).map(([name, found]) => [name, [...found]]),
    ),
    matches: hit.matches.map(({ field, modules, fragments }) => ({
      field,
      modules: [...modules],
      fragments: [...fragments],
    })),
  }));
  return { total, items: hits, ...(show === "ids" ? { ids: [...ids] } : {}), cursor };
}
