import { readSsdeep, readTlsh, Sha256, SimilarityMethod } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { pageQuery } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { SimilarAnswer } from "./schema.ts";
import { answerOf, noSubject, subjectOf } from "./similar.ts";

const params = z.object({ sha256: Sha256 });
const tags = ["pivots"];

const thresholds = {
  minScore: z.coerce.number().int().min(1).max(100).default(1).openapi({ description: "Of ssdeep" }),
  maxDistance: z.coerce.number().int().min(0).max(150).default(50).openapi({
    description: "Of TLSH. To 50 hardly one is missed, to 100 one in seventeen, to 150 one in six",
  }),
};

const similar = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/similar",
  operationId: "findSimilarSamples",
  tags,
  summary: "Samples that are like this one, with why",
  request: {
    params,
    query: z.object({
      by: z.string().max(100).default(SimilarityMethod.options.join())
        .transform((list) => [...new Set(list.split(","))]).pipe(z.array(SimilarityMethod).min(1))
        .openapi({ type: "string", description: "Methods, with commas between", example: "ssdeep,tlsh" }),
      ...thresholds,
      ...pageQuery,
    }),
  },
  responses: {
    200: json(SimilarAnswer, "A page, strongest evidence first"),
    ...problems(400, 404, 503, 504),
  },
});

const similarTo = createRoute({
  ...needs("read"),
  method: "get",
  path: "/similar",
  operationId: "findSimilarToDigest",
  tags,
  summary: "Samples that are like a file of which only fuzzy digests are known",
  request: {
    query: z.object({
      ssdeep: z.string().max(200).refine((text) => readSsdeep(text) !== null, "Expected an ssdeep digest")
        .optional().openapi({ example: "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C" }),
      tlsh: z.string().max(80).refine(
        (text) => readTlsh(text) !== null,
        "Expected a TLSH digest of 70 digits, with or without T1",
      ).optional(),
      ...thresholds,
      ...pageQuery,
    }).refine(({ ssdeep, tlsh }) => (ssdeep ?? tlsh) !== undefined, {
      path: ["ssdeep"],
      message: "Expected ssdeep, tlsh or both",
    }),
  },
  responses: { 200: json(SimilarAnswer, "A page, strongest evidence first"), ...problems(400, 503, 504) },
});

/** Ways from a sample to others. */
export function pivotRoutes(api: ApiDependencies) {
  const router = createRouter();
  const limit = (request: Request) =>
    AbortSignal.any([request.signal, AbortSignal.timeout(api.settings.answerWithin)]);

  router.openapi(similar, async (c) => {
    const { sha256 } = c.req.valid("param");
    const { by, ...rest } = c.req.valid("query");
    const visibility = readerOf(c);
    if (!await api.sampleFacts.isVisible(sha256, visibility)) throw missing(sha256);
    const report = (await api.reports.latest([sha256], visibility)).get(sha256);
    const subject = report === undefined ? noSubject : subjectOf(report, by);
    const request = { ...rest, ...subject, except: sha256, signal: limit(c.req.raw) };
    return c.json(answerOf(await api.pivots.similar(request, visibility), by), 200);
  });

  router.openapi(similarTo, async (c) => {
    const { ssdeep = null, tlsh = null, ...rest } = c.req.valid("query");
    const request = { ...rest, ssdeep, tlsh, shared: [], except: null, signal: limit(c.req.raw) };
    const by = (["ssdeep", "tlsh"] as const).filter((method) => request[method] !== null);
    return c.json(answerOf(await api.pivots.similar(request, readerOf(c)), by), 200);
  });

  return router;
}

function missing(sha256: Sha256): ProblemError {
  return new ProblemError("not-found", `Cannot find sample '${sha256}'`);
}
