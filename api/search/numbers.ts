import type { ApiDependencies } from "../app/dependencies.ts";
import { createRouter } from "../app/router.ts";
import { facetRoutes } from "./facets.ts";
import { histogramRoutes } from "./histogram.ts";
import { statisticsRoutes } from "./statistics.ts";

/** Numbers about a result: `/search/facets`, `/search/histogram`, `/search/statistics`. */
export function numberRoutes(api: ApiDependencies) {
  const router = createRouter();
  facetRoutes(router, api);
  histogramRoutes(router, api);
  statisticsRoutes(router, api);
  return router;
}
