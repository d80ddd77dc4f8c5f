import type { Logger } from "@logtape/logtape";
import { createMiddleware } from "hono/factory";
import { ulid } from "ulid";
import type { ApiEnvironment } from "../app/environment.ts";

/** Gives each request an id, and writes one line when it is answered. Queries stay out: they may hold passwords. */
export function logAccess(log: Logger) {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const requestId = ulid();
    const started = performance.now();
    c.set("requestId", requestId);
    c.set("address", addressOf(c.env?.remoteAddr));
    await next();
    c.res.headers.set("x-request-id", requestId);
    log.info("{method} {path} {status} in {ms} ms, key {key}, from {address}, request {requestId}", {
      method: c.req.method,
      path: c.req.path.slice(0, 500),
      status: c.res.status,
      ms: Math.round(performance.now() - started),
      requestId,
      key: c.get("key")?.name ?? null,
      address: c.get("address"),
    });
  });
}

function addressOf(address: Deno.Addr | undefined): string | null {
  return address !== undefined && "hostname" in address ? address.hostname : null;
}
