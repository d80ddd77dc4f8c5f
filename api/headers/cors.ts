import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../app/environment.ts";

const METHODS = "GET, HEAD, POST, PUT, DELETE";
const REQUEST_HEADERS =
  "Authorization, Content-Type, Content-Disposition, If-None-Match, Last-Event-ID, X-Assay-Options";
const RESPONSE_HEADERS =
  "ETag, Content-Disposition, Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, " +
  "X-TAXII-Date-Added-First, X-TAXII-Date-Added-Last";

/**
 * Lets pages of the listed origins (exactly as browsers send them, e.g. `https://portal.example`) use the API.
 * No credentials are allowed, since keys are sent by header: a page can only use a key that it was given.
 */
export function allowOrigins(origins: readonly string[]) {
  const allowed = new Set(origins);
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const origin = c.req.header("origin");
    const granted = origin !== undefined && allowed.has(origin) ? origin : null;
    if (c.req.method === "OPTIONS" && c.req.header("access-control-request-method")) {
      c.res = new Response(null, { status: 204 });
      if (granted) {
        c.res.headers.set("access-control-allow-methods", METHODS);
        c.res.headers.set("access-control-allow-headers", REQUEST_HEADERS);
        c.res.headers.set("access-control-max-age", "600");
      }
    } else {
      await next();
    }
    c.res.headers.append("vary", "Origin");
    if (!granted) return;
    c.res.headers.set("access-control-allow-origin", granted);
    c.res.headers.set("access-control-expose-headers", RESPONSE_HEADERS);
    c.res.headers.set("cross-origin-resource-policy", "cross-origin");
  });
}
