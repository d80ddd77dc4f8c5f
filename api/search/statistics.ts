import type { FieldStatistics as Measured, ValueList } from "@assay/infra";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json, jsonBody } from "../app/json.ts";
import { problems } from "../problem/problem.ts";
import { byBody, countedQuery, FieldName, signalOf, valueList } from "./counted.ts";

const StatisticsRequest = z.object({
  ...countedQuery,
  field: FieldName.openapi({ description: "Any field", example: "size" }),
});

const measure = z.union([z.number(), z.string()]);
const Values = z.object(valueList).openapi("ValueList");
const FieldStatistics = z.object({
  field: z.string(),
  type: z.enum(["keyword", "name", "text", "long", "double", "date", "ip", "boolean"]),
  total: z.int(),
  with: z.int(),
  without: z.int(),
  /** Different values; null where they are only searched. An estimate unless `exact`. */
  distinct: z.object({ count: z.int(), exact: z.boolean() }).nullable(),
  /** Of numbers and dates, over all values; percentiles are estimates. */
  range: z.object({
    min: measure,
    max: measure,
    average: measure,
    percentiles: z.array(z.object({ percent: z.number(), value: measure })),
  }).nullable(),
  /** Of words. */
  top: Values.nullable(),
  rarest: Values.nullable(),
}).openapi("FieldStatistics");

const route = { ...needs("read"), path: "/search/statistics", tags: ["search"] };
const responses = {
  200: json(FieldStatistics, "What can be said of the field's values"),
  ...problems(400, 503, 504),
};

const measureField = createRoute({
  ...route,
  method: "get",
  operationId: "measureField",
  summary: "Measure a field in a result",
  request: { query: StatisticsRequest },
  responses,
});

const postStatistics = createRoute({
  ...route,
  method: "post",
  operationId: "postStatistics",
  summary: byBody,
  request: { body: jsonBody(StatisticsRequest.openapi("StatisticsRequest")) },
  responses,
});

/** `/search/statistics`. */
export function statisticsRoutes(router: OpenAPIHono<ApiEnvironment>, api: ApiDependencies): void {
  const list = (values: ValueList | null) => values && { ...values, values: [...values.values] };
  const send = ({ range, top, rarest, ...rest }: Measured) => ({
    ...rest,
    range: range && { ...range, percentiles: [...range.percentiles] },
    top: list(top),
    rarest: list(rarest),
  });
  router.openapi(measureField, async (c) => {
    const request = { ...c.req.valid("query"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.statistics(request, readerOf(c))), 200);
  });
  router.openapi(postStatistics, async (c) => {
    const request = { ...c.req.valid("json"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.statistics(request, readerOf(c))), 200);
  });
}
