import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../app/environment.ts";
import { ProblemError } from "../problem/problem.ts";
import type { Buckets } from "./bucket.ts";

/** Bounds how fast a key may ask; says in headers what is left (draft-ietf-httpapi-ratelimit-headers). */
export function limitRate(buckets: Buckets) {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const name = c.get("key").id;
    const left = buckets.take(name);
    if (left < 0) throw rateLimited(buckets, name);
    await next();
    for (const [header, value] of Object.entries(rateHeaders(buckets, left))) {
      c.res.headers.set(header, value);
    }
  });
}

/** The refusal of somebody who asks too fast. */
export function rateLimited(buckets: Buckets, name: string): ProblemError {
  const seconds = Math.max(1, Math.ceil(buckets.wait(name)));
  return new ProblemError(
    "rate-limited",
    `Cannot answer yet: more than ${buckets.rate.burst} requests at once and ${buckets.rate.perSecond} a second`,
    { headers: { ...rateHeaders(buckets, 0), "retry-after": String(seconds) } },
  );
}

function rateHeaders(buckets: Buckets, left: number): Record<string, string> {
  return {
    "ratelimit-limit": String(buckets.rate.burst),
    "ratelimit-remaining": String(Math.max(0, Math.floor(left))),
    "ratelimit-reset": String(Math.ceil((buckets.rate.burst - Math.max(0, left)) / buckets.rate.perSecond)),
  };
}
