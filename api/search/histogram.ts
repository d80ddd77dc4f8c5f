import type { Histogram as Counted } from "@assay/infra";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json, jsonBody } from "../app/json.ts";
import { problems } from "../problem/problem.ts";
import { byBody, countedQuery, FieldName, signalOf } from "./counted.ts";

/** An end as a query writes it. */
const End = z.string().min(1).max(40).optional();

const HistogramRequest = z.object({
  ...countedQuery,
  field: FieldName.openapi({ description: "A field of dates or numbers", example: "seen" }),
  interval: z.string().max(20).optional().openapi({
    description:
      "Width of a bucket: `6h`, `1d`, `1w`, `1M`, `1y` for dates (months and years by the calendar, in UTC), " +
      "a number or size for the rest; a round one is chosen where it is left out",
    example: "1d",
  }),
  buckets: z.coerce.number().int().min(1).max(500).default(60).openapi({
    description: "About how many buckets to make where no interval is given",
  }),
  scale: z.enum(["linear", "log"]).default("linear").openapi({
    description: "`log` doubles the width from bucket to bucket: for sizes",
  }),
  from: End.openapi({
    description: "Where it begins, as in a query; the least value by default",
    example: "now-30d",
  }),
  to: End.openapi({
    description: "Where it ends: with all of the day or month named; the greatest value by default",
  }),
});

const measure = z.union([z.number(), z.string()]);
const Histogram = z.object({
  field: z.string(),
  /** Null where the width doubles, or there is nothing to divide. */
  interval: z.string().nullable(),
  total: z.int(),
  without: z.int(),
  /** Documents with a value below the first bucket, and above the last. */
  below: z.int(),
  above: z.int(),
  buckets: z.array(
    z.object({ from: measure, to: measure, count: z.int(), query: z.string() }).openapi("HistogramBucket"),
  ),
}).openapi("Histogram");

const route = { ...needs("read"), path: "/search/histogram", tags: ["search"] };
const responses = {
  200: json(Histogram, "Buckets side by side, empty ones too, each with its query"),
  ...problems(400, 503, 504),
};

const countHistogram = createRoute({
  ...route,
  method: "get",
  operationId: "countHistogram",
  summary: "Count a result over a field of dates or numbers",
  request: { query: HistogramRequest },
  responses,
});

const postHistogram = createRoute({
  ...route,
  method: "post",
  operationId: "postHistogram",
  summary: byBody,
  request: { body: jsonBody(HistogramRequest.openapi("HistogramRequest")) },
  responses,
});

/** `/search/histogram`. */
export function histogramRoutes(router: OpenAPIHono<ApiEnvironment>, api: ApiDependencies): void {
  const send = (histogram: Counted) => ({ ...histogram, buckets: [...histogram.buckets] });
  router.openapi(countHistogram, async (c) => {
    const request = { ...c.req.valid("query"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.histogram(request, readerOf(c))), 200);
  });
  router.openapi(postHistogram, async (c) => {
    const request = { ...c.req.valid("json"), signal: signalOf(api, c) };
    return c.json(send(await api.numbers.histogram(request, readerOf(c))), 200);
  });
}
