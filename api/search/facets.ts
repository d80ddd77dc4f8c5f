import type { Facets } from "@assay/infra";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json, jsonBody } from "../app/json.ts";
import { problems } from "../problem/problem.ts";
import { byBody, countedQuery, FieldName, fieldNames, signalOf, valueList } from "./counted.ts";

const MAX_FIELDS = 20;
const usual = ["fileType", "verdict", "family", "tag", "yara.rule", "attack", "tlp", "submitter"];

const options = {
  ...countedQuery,
  size: z.coerce.number().int().min(1).max(100).default(10).openapi({ description: "Values of each field" }),
  prefix: z.string().max(100).optional().openapi({ description: "Only values that begin so" }),
};
const names = z.array(FieldName).min(1).max(MAX_FIELDS);
const about = "Fields that `GET /search/fields` calls a facet, `metadata.<name>` or `module.<module>.status`";

const SearchFacets = z.object({
  total: z.int(),
  items: z.array(z.object({ field: z.string(), ...valueList, without: z.int() }).openapi("Facet")),
}).openapi("SearchFacets");

const route = { ...needs("read"), path: "/search/facets", tags: ["search"] };
const responses = {
  200: json(SearchFacets, "The most frequent values of each field"),
  ...problems(400, 503, 504),
};

const countFacets = createRoute({
  ...route,
  method: "get",
  operationId: "countFacets",
  summary: "Count the values of fields in a result",
  request: {
    query: z.object({
      ...options,
      fields: fieldNames(MAX_FIELDS).default(usual)
        .openapi({ type: "string", description: `${about}, with commas between`, example: "fileType,tag" }),
    }),
  },
  responses,
});

const postFacets = createRoute({
  ...route,
  method: "post",
  operationId: "postFacets",
  summary: byBody,
  request: {
    body: jsonBody(
      z.object({ ...options, fields: names.default(usual).openapi({ description: about }) }).openapi(
        "FacetsRequest",
      ),
    ),
  },
  responses,
});

/** `/search/facets`. */
export function facetRoutes(router: OpenAPIHono<ApiEnvironment>, api: ApiDependencies): void {
  const send = ({ total, items }: Facets) => ({
    total,
    items: items.map((facet) => ({ ...facet, values: [...facet.values] })),
  });
  router.openapi(countFacets, async (c) => {
    const request = { ...c.req.valid("query"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.facets(request, readerOf(c))), 200);
  });
  router.openapi(postFacets, async (c) => {
    const request = { ...c.req.valid("json"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.facets(request, readerOf(c))), 200);
  });
}
