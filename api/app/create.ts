import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { authenticate } from "../access/authenticate.ts";
import { auditRoutes } from "../audit/routes.ts";
import { makeAsset } from "../assets/assets.ts";
import { serveAsset } from "../assets/serve.ts";
import { eventRoutes } from "../events/routes.ts";
import { reportFileRoutes } from "../exports/routes.ts";
import { hashRoutes } from "../hashes/routes.ts";
import { allowOrigins } from "../headers/cors.ts";
import { secureHeaders } from "../headers/security.ts";
import { healthRoutes } from "../health/routes.ts";
import { huntRoutes } from "../hunts/routes.ts";
import { importRoutes } from "../imports/routes.ts";
import { jobRoutes } from "../jobs/routes.ts";
import { keyRoutes } from "../keys/routes.ts";
import { limitBody } from "../limits/body.ts";
import { createBuckets } from "../limits/bucket.ts";
import { limitRate } from "../limits/rate.ts";
import { logAccess } from "../log/access_log.ts";
import { holdRoutes } from "../holds/routes.ts";
import { moduleRoutes } from "../modules/routes.ts";
import { partnerRoutes } from "../partners/routes.ts";
import { pivotRoutes } from "../pivots/routes.ts";
import { describeApi } from "../openapi/describe.ts";
import { problemKinds } from "../problem/catalogue.ts";
import { problemOf } from "../problem/failure.ts";
import { ProblemError, problemResponse } from "../problem/problem.ts";
import { listRoutes } from "../lists/routes.ts";
import { noteRoutes } from "../notes/routes.ts";
import { compareRoutes } from "../reports/compare.ts";
import { notificationRoutes } from "../notifications/routes.ts";
import { publicationRoutes } from "../publications/routes.ts";
import { reportExportRoutes } from "../reports/export.ts";
import { reportRoutes } from "../reports/routes.ts";
import { sampleRoutes } from "../samples/routes.ts";
import { exportRoutes } from "../search/export.ts";
import { numberRoutes } from "../search/numbers.ts";
import { actionRoutes } from "../search/actions.ts";
import { searchRoutes } from "../search/routes.ts";
import { savedSearchRoutes } from "../searches/routes.ts";
import { submissionRoutes } from "../submissions/routes.ts";
import { tagRoutes } from "../tags/routes.ts";
import { taskRoutes } from "../tasks/routes.ts";
import { isTaxiiPath, taxiiError } from "../taxii/error.ts";
import { taxiiRoutes } from "../taxii/routes.ts";
import type { ApiDependencies } from "./dependencies.ts";
import type { ApiEnvironment } from "./environment.ts";
import { createRouter } from "./router.ts";

/** Tries with keys that are refused, by address. */
const REFUSALS = { burst: 30, perSecond: 1 };

/** The REST API with its documentation and the page, made of what is handed in. Starts nothing by itself. */
export function createApi(api: ApiDependencies): OpenAPIHono<ApiEnvironment> {
  const app = createRouter();

  app.use(logAccess(api.log), dropHeadBody(), allowOrigins(api.settings.origins), secureHeaders());
  app.onError((cause, c) => {
    const problem = problemOf(cause);
    const requestId = c.get("requestId");
    const { code } = problem;
    if (code === "internal") api.log.error("Request {requestId} failed: {cause}", { requestId, cause });
    else {api.log.debug("Request {requestId} refused: {code}: {cause}", {
        requestId,
        code,
        cause: problem.message,
      });}
    return answerOf(problem, c);
  });
  app.notFound((c) => {
    const problem = new ProblemError(
      "no-route",
      `Cannot find a route for ${c.req.method} '${c.req.path.slice(0, 200)}'`,
    );
    return answerOf(problem, c);
  });

  app.route("/", healthRoutes(api));
  const access = { keys: api.keys, refusals: createBuckets(REFUSALS), now: api.now };
  app.use("/api/v1/*", authenticate(access));
  app.use("/taxii2/*", authenticate({ ...access, basic: true }));
  if (api.settings.rate) {
    const buckets = createBuckets(api.settings.rate);
    for (const path of ["/api/v1/*", "/taxii2/*"]) app.use(path, limitRate(buckets));
  }
  app.use(
    "/api/v1/*",
    exceptPosts(["/api/v1/submissions", "/api/v1/imports"], limitBody()),
    exceptPosts(["/api/v1/submissions"], limitTime(api.settings.answerWithin)),
  );
  app.use("/taxii2/*", limitTime(api.settings.answerWithin));
  const resources = [
    submissionRoutes,
    taskRoutes,
    sampleRoutes,
    holdRoutes,
    noteRoutes,
    tagRoutes,
    listRoutes,
    savedSearchRoutes,
    huntRoutes,
    publicationRoutes,
    notificationRoutes,
    pivotRoutes,
    reportRoutes,
    reportExportRoutes,
    compareRoutes,
    searchRoutes,
    actionRoutes,
    exportRoutes,
    numberRoutes,
    moduleRoutes,
    jobRoutes,
    reportFileRoutes,
    hashRoutes,
    importRoutes,
    partnerRoutes,
    keyRoutes,
    auditRoutes,
    eventRoutes,
  ];
  for (const routes of resources) app.route("/api/v1", routes(api));
  app.route("/", taxiiRoutes(api));

  const description = makeAsset(
    new TextEncoder().encode(JSON.stringify(describeApi(app))),
    "application/json",
  );
  app.get("/api/openapi.json", (c) => serveAsset(c.req.raw, description));
  app.get(
    "/api/problems",
    (c) => c.json({ items: Object.entries(problemKinds).map(([code, kind]) => ({ code, ...kind })) }),
  );
  app.get("/api/docs", (c) => serve(c.req.raw, api.docs, "index.html"));
  app.get("/api/docs/:file", (c) => serve(c.req.raw, api.docs, c.req.param("file")));
  app.get("/", (c) => serve(c.req.raw, api.page, "index.html"));
  app.get(
    "/embed/v1/*",
    (c) =>
      serve(c.req.raw, api.page, c.req.path.slice(1), { "cross-origin-resource-policy": "cross-origin" }),
  );
  app.get(
    "/:path{.+}",
    (c, next) =>
      api.page.has(c.req.path.slice(1))
        ? Promise.resolve(serve(c.req.raw, api.page, c.req.path.slice(1)))
        : next(),
  );
  return app;
}

/** A failure in the words of those who asked. */
function answerOf(problem: ProblemError, c: Context<ApiEnvironment>): Response {
  const tell = isTaxiiPath(c.req.path) ? taxiiError : problemResponse;
  return tell(problem, c.get("requestId"));
}

/** A listed file; paths are names in a list and never reach the file system. */
function serve(
  request: Request,
  assets: ApiDependencies["page"],
  name: string,
  headers: Record<string, string> = {},
): Response {
  const asset = assets.get(name);
  if (!asset) throw new ProblemError("no-route", `Cannot find '/${name.slice(0, 200)}'`);
  return serveAsset(request, asset, headers);
}

/** Lets go of what a body would have been read from, which a `HEAD` request never reads. */
function dropHeadBody() {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    await next();
    if (c.req.method === "HEAD") await c.res.body?.cancel();
  });
}

type Middleware = ReturnType<typeof createMiddleware<ApiEnvironment>>;

/** Uploads count their bytes and watch their time themselves, as they stream; imports have a limit of their own. */
function exceptPosts(paths: readonly string[], middleware: Middleware): Middleware {
  return createMiddleware<ApiEnvironment>((c, next) =>
    c.req.method === "POST" && paths.includes(c.req.path) ? next() : middleware(c, next)
  );
}

function limitTime(milliseconds: number): Middleware {
  return createMiddleware<ApiEnvironment>(async (_, next) => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new ProblemError("timeout", `Cannot answer within ${milliseconds} ms`)),
      milliseconds,
    );
    try {
      await Promise.race([next(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  });
}
