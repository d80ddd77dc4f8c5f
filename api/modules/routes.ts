import { ModuleDescription, Preset, presetsOf } from "@assay/core";
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
  summary: "Installed modules, why one is unavailable, and the presets that name sets of them",
  responses: {
    200: json(
      z.object({
        items: z.array(named(ModuleDescription, "Module")),
        presets: z.array(named(Preset, "Preset")),
      }).openapi("Modules"),
      "Modules as the worker last found them; empty until one has started",
    ),
    ...problems(503),
  },
});

/** `GET /modules`. */
export function moduleRoutes(api: ApiDependencies) {
  const router = createRouter();
  router.openapi(list, async (c) => {
    const items = [...await api.modules()];
    return c.json({ items, presets: presetsOf(items, api.settings.presets) }, 200);
  });
  return router;
}
