import { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "zod";
import { ProblemError } from "../problem/problem.ts";
import type { ApiEnvironment } from "./environment.ts";

/** A router whose refused inputs become problems that name the field. */
export function createRouter(): OpenAPIHono<ApiEnvironment> {
  return new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(result.target, result.error);
    },
  });
}

/** A problem that names every refused field, at most twenty. */
export function invalid(target: string, error: z.ZodError): ProblemError {
  const errors = error.issues.slice(0, 20).map((issue) => ({
    field: issue.path.map(String).join(".").slice(0, 200) || target,
    message: issue.message.slice(0, 300),
  }));
  const code = target === "param"
    ? "invalid-id"
    : target === "options"
    ? "invalid-options"
    : "invalid-request";
  const place = target === "param" ? "path" : target === "json" ? "body" : target;
  const first = errors[0];
  return new ProblemError(code, `Cannot read ${place}: ${first?.field}: ${first?.message}`, {
    extra: { errors },
  });
}
