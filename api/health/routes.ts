import { createRoute, z } from "@hono/zod-openapi";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { createReadiness } from "./readiness.ts";

const Live = z.object({ status: z.literal("live") }).openapi("Live");

const status = z.enum(["ready", "away"]);

const Readiness = z.object({
  status,
  /** Each store, and each process where a supervisor watches them. */
  checks: z.record(z.string(), z.object({ status, reason: z.string().nullable() })),
}).openapi("Readiness");

const tags = ["health"];

const live = createRoute({
  method: "get",
  path: "/health/live",
  operationId: "isLive",
  tags,
  summary: "Answers while the process runs",
  responses: { 200: json(Live, "It runs") },
});

const ready = createRoute({
  method: "get",
  path: "/health/ready",
  operationId: "isReady",
  tags,
  summary: "Whether everything that it needs is there",
  responses: {
    200: json(Readiness, "Everything is there"),
    503: json(Readiness, "Something is away; `reason` says what"),
  },
});

/** `/health/live` and `/health/ready`. */
export function healthRoutes(api: ApiDependencies) {
  const router = createRouter();
  const readiness = createReadiness(() => api.checks);

  router.openapi(live, (c) => c.json({ status: "live" as const }, 200));

  router.openapi(ready, async (c) => {
    const state = await readiness();
    return c.json(state, state.status === "ready" ? 200 : 503);
  });

  return router;
}
