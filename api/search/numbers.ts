import type { ApiDependencies } from "../app/dependencies.ts";
import { createRouter } from "../app/router.ts";
import { facetRoutes } from "./facets.ts";
import { histogramRoutes } from "./histogram.ts";
import { significantRoutes } from "./significant.ts";
import { statisticsRoutes } from "./statistics.ts";
import { suggestionRoutes } from "./suggestions.ts";

/**
 * Numbers about a result: `/search/facets`, `/search/histogram`, `/search/statistics`, `/search/significant`,
 * `/search/suggestions`.
 */
export function numberRoutes(api: ApiDependencies) {
  const router = createRouter();
  facetRoutes(router, api);
  histogramRoutes(router, api);
  statisticsRoutes(router, api);
  significantRoutes(router, api);
  suggestionRoutes(router, api);
  return router;
}
