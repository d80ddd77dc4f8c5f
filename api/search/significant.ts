import type { SignificantValues } from "@assay/infra";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json, jsonBody } from "../app/json.ts";
import { problems } from "../problem/problem.ts";
import { byBody, countedQuery, FieldName, fieldNames, signalOf, ValueCount } from "./counted.ts";

const options = {
  ...countedQuery,
  size: z.coerce.number().int().min(1).max(20).default(5).openapi({ description: "Values of each field" }),
};
const about = "Fields that `GET /search/fields` calls a facet; all of them where it is left out";

const SearchSignificant = z.object({
  /** Documents of the result, and all that the key may see. */
  total: z.int(),
  background: z.int(),
  /** True where values were looked for in a part of a large result; counts are of all of it. */
  sampled: z.boolean(),
  items: z.array(
    z.object({
      field: z.string(),
      values: z.array(
        ValueCount.extend({
          /** Documents with it in all that the key may see. */
          backgroundCount: z.int(),
          /** How much it stands out: the growth of its share, absolute times relative (JLH). */
          score: z.number(),
        }).openapi("SignificantValue"),
      ),
    }).openapi("SignificantField"),
  ),
}).openapi("SearchSignificant");

const route = { ...needs("read"), path: "/search/significant", tags: ["search"] };
const responses = {
  200: json(SearchSignificant, "Fields with values that stand out, the most significant first"),
  ...problems(400, 503, 504),
};

const findSignificant = createRoute({
  ...route,
  method: "get",
  operationId: "findSignificant",
  summary: "Find values that stand out in a result against all that the key may see",
  request: {
    query: z.object({
      ...options,
      fields: fieldNames(50).optional().openapi({
        type: "string",
        description: `${about}, with commas between`,
        example: "pe.import,tag",
      }),
    }),
  },
  responses,
});

const postSignificant = createRoute({
  ...route,
  method: "post",
  operationId: "postSignificant",
  summary: byBody,
  request: {
    body: jsonBody(
      z.object({
        ...options,
        fields: z.array(FieldName).min(1).max(50).optional().openapi({ description: about }),
      }).openapi("SignificantRequest"),
    ),
  },
  responses,
});

/** `/search/significant`. */
export function significantRoutes(router: OpenAPIHono<ApiEnvironment>, api: ApiDependencies): void {
  const send = ({ items, ...rest }: SignificantValues) => ({
    ...rest,
    items: items.map(({ field, values }) => ({ field, values: [...values] })),
  });
  router.openapi(findSignificant, async (c) => {
    const request = { ...c.req.valid("query"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.significant(request, readerOf(c))), 200);
  });
  router.openapi(postSignificant, async (c) => {
    const request = { ...c.req.valid("json"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.significant(request, readerOf(c))), 200);
  });
}
