import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../app/environment.ts";

/** Nothing may load or run: the policy of everything that isn't a page. */
const NO_CONTENT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * SHA-256 of the style sheets of reports as HTML, one a TLP level. A preview's frame inherits the policy of the page around it, so it shows
 * with its style only where that names it; `tests/browser/preview_style_test.ts` tells what they are when they have changed.
 */
const reportStyles = [
  "CmhNnweUDcaCqkfre4orQRDfplmaG+77W5jjmgT7h/w=",
  "BbvVLgNBfhFjuuf8HzsSmg6ipPNv5cp0a9TOx9/PKcw=",
  "KZRKwah8qevRdpnIQ9sN1pFyN7YgIXRiZTkFS8L3iyo=",
  "5IzSCB9PsMyCTloHISvwzUMCyFLN9+2vvNmCY+4Qf3s=",
  "lhVNIAS7YqW5jRSSfoNjG9aakuN1HIZQeRTGuhHIysM=",
];

/** The policy of our pages: only our own files, no inline script, no style but a report's in its preview, no frame of others around it. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${reportStyles.map((digest) => `'sha256-${digest}'`).join(" ")}`,
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
