import { ModuleDescription } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, named } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { problems } from "../problem/problem.ts";

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/modules",
  operationId: "listModules",
  tags: ["modules"],
  summary: "Installed modules, and why one is unavailable",
  responses: {
    200: json(
      z.object({ items: z.array(named(ModuleDescription, "Module")) }).openapi("Modules"),
      "Modules as the worker last found them; empty until one has started",
    ),
    ...problems(503),
  },
});

/** `GET /modules`. */
export function moduleRoutes(api: ApiDependencies) {
  const router = createRouter();
  router.openapi(list, async (c) => c.json({ items: [...await api.modules()] }, 200));
  return router;
}
