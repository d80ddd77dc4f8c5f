import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../app/environment.ts";

/** Nothing may load or run: the policy of everything that isn't a page. */
const NO_CONTENT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The policy of our pages: only our own files, no inline script or style, no frame of others around it. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Sets the headers that keep browsers from doing more with an answer than showing it. */
export function secureHeaders() {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    await next();
    const headers = c.res.headers;
    const set = (name: string, value: string) => headers.has(name) || headers.set(name, value);
    set("content-security-policy", NO_CONTENT);
    set("x-content-type-options", "nosniff");
    set("x-frame-options", "DENY");
    set("referrer-policy", "no-referrer");
    set("permissions-policy", "camera=(), geolocation=(), microphone=()");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    if (c.req.path.startsWith("/api/v1")) set("cache-control", "no-store");
  });
}
