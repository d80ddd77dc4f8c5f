import { TaskEvent } from "@assay/core";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnvironment } from "../app/environment.ts";
import { named } from "../app/json.ts";

/** The OpenAPI 3.1 description of an app. It depends on the code alone, so that it can be kept in the repository. */
export function describeApi(app: OpenAPIHono<ApiEnvironment>) {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description:
      "An API key, `assay_…`. The scopes that a route needs are listed with it; `admin` includes all.",
  });
  app.openAPIRegistry.register("TaskEvent", named(TaskEvent, "TaskEvent"));
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Assay",
      version: "1",
      description:
        "Analysis of files for people who hunt malware. JSON in camelCase; lists are paged by `cursor`; times are " +
        "UTC (RFC 3339), sizes bytes, durations milliseconds, hashes lower-case hexadecimal. Failures are problem " +
        "details (RFC 9457) with a stable `code`; `GET /api/problems` lists them.",
    },
    servers: [{ url: "/" }],
  }, { unionPreferredType: "oneOf" });
}
