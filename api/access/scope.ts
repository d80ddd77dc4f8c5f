import { allows, type KeyScope, keyScopes } from "@assay/infra";
import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../app/environment.ts";
import { ProblemError } from "../problem/problem.ts";

/** Lets through only keys with that scope. */
export function requireScope(scope: KeyScope) {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    if (!allows(c.get("key").scopes, scope)) {
      throw new ProblemError(
        "missing-scope",
        `Cannot use key '${c.get("key").name}' here: it lacks '${scope}'`,
        {
          extra: { scope },
        },
      );
    }
    await next();
  });
}

const guards = Object.fromEntries(keyScopes.map((scope) => [scope, requireScope(scope)])) as Record<
  KeyScope,
  ReturnType<typeof requireScope>
>;

/** Spread into a route: what a key must be allowed, enforced and described in one place. */
export function needs(scope: KeyScope) {
  return { security: [{ key: [scope] }], middleware: guards[scope] };
}
