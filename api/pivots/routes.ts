import { readSsdeep, readTlsh, Sha256, SimilarityMethod, type Visibility } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { pageQuery } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { listOf } from "./list.ts";
import { listObservables, observableFields } from "./observables.ts";
import { findRelations, relationKinds } from "./relations.ts";
import { ObservablesAnswer, RelationsAnswer, SimilarAnswer } from "./schema.ts";
import { answerOf, noSubject, subjectOf } from "./similar.ts";

const params = z.object({ sha256: Sha256 });
const tags = ["pivots"];

const thresholds = {
  minScore: z.coerce.number().int().min(1).max(100).default(1).openapi({ description: "Of ssdeep" }),
  maxDistance: z.coerce.number().int().min(0).max(150).default(50).openapi({
    description: "Of TLSH. To 36 none is missed, to 50 hardly one, to 100 one in 27, to 150 one in seven",
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
      by: listOf(SimilarityMethod.options, "Methods, with commas between; all by default", "ssdeep,tlsh"),
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

const relations = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/relations",
  operationId: "findSampleRelations",
  tags,
  summary:
    "What a sample is related to, as a graph: what it came with, and what it has in common with others",
  request: {
    params,
    query: z.object({
      kinds: listOf(relationKinds, "Kinds, with commas between; all by default", "child,parent,domain"),
      size: pageQuery.size.openapi({ description: "Nodes of each kind" }),
      cursor: pageQuery.cursor.openapi({ description: "Where one kind goes on; `kinds` is that one then" }),
    }).refine(({ kinds, cursor }) => cursor === undefined || kinds.length === 1, {
      path: ["cursor"],
      message: "Expected one kind beside a cursor",
    }),
  },
  responses: {
    200: json(
      RelationsAnswer,
      "Nodes and edges; indicators that others have too come first, common ones last",
    ),
    ...problems(400, 404, 503, 504),
  },
});

const observables = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/observables",
  operationId: "listSampleObservables",
  tags,
  summary: "Where else: every value that a sample's newest report found, and how many other samples have it",
  request: {
    params,
    query: z.object({
      fields: listOf(observableFields, "Fields, with commas between; all by default", "domain,pe.imphash"),
      least: z.coerce.number().int().min(0).max(1_000_000).default(0).openapi({
        description: "Only values that so many other samples have",
      }),
      ...pageQuery,
    }),
  },
  responses: { 200: json(ObservablesAnswer, "A page, rarest first"), ...problems(400, 404, 503, 504) },
});

/** Ways from a sample to others. */
export function pivotRoutes(api: ApiDependencies) {
  const router = createRouter();
  const limit = (request: Request) =>
    AbortSignal.any([request.signal, AbortSignal.timeout(api.settings.answerWithin)]);

  /** The newest visible report; undefined where there is none yet. @throws for a sample that isn't visible */
  const reportOf = async (sha256: Sha256, visibility: Visibility) => {
    if (!await api.sampleFacts.isVisible(sha256, visibility)) {
      throw new ProblemError("not-found", `Cannot find sample '${sha256}'`);
    }
    return (await api.reports.latest([sha256], visibility)).get(sha256);
  };

  router.openapi(similar, async (c) => {
    const { sha256 } = c.req.valid("param");
    const { by, ...rest } = c.req.valid("query");
    const visibility = readerOf(c);
    const report = await reportOf(sha256, visibility);
    const subject = report === undefined ? noSubject : subjectOf(report, by);
    const request = { ...rest, ...subject, except: sha256, signal: limit(c.req.raw) };
    return c.json(answerOf(await api.pivots.similar(request, visibility), by), 200);
  });

  router.openapi(relations, async (c) => {
    const { sha256 } = c.req.valid("param");
    const visibility = readerOf(c);
    const report = await reportOf(sha256, visibility);
    const request = { ...c.req.valid("query"), signal: limit(c.req.raw) };
    return c.json(await findRelations(sha256, report, request, api, visibility), 200);
  });

  router.openapi(observables, async (c) => {
    const { sha256 } = c.req.valid("param");
    const visibility = readerOf(c);
    const report = await reportOf(sha256, visibility);
    if (report === undefined) {
      return c.json({ total: 0, reportId: null, items: [], cursor: null, limits: [] }, 200);
    }
    const request = { ...c.req.valid("query"), signal: limit(c.req.raw) };
    return c.json(await listObservables(report, request, api.pivots, visibility), 200);
  });

  router.openapi(similarTo, async (c) => {
    const { ssdeep = null, tlsh = null, ...rest } = c.req.valid("query");
    const request = { ...rest, ssdeep, tlsh, shared: [], except: null, signal: limit(c.req.raw) };
    const by = (["ssdeep", "tlsh"] as const).filter((method) => request[method] !== null);
    return c.json(answerOf(await api.pivots.similar(request, readerOf(c)), by), 200);
  });

  return router;
}
