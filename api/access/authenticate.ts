import { type ApiKey, type Keys, lapseOf } from "@assay/infra";
import { createMiddleware } from "hono/factory";
import type { ApiEnvironment } from "../app/environment.ts";
import type { Buckets } from "../limits/bucket.ts";
import { rateLimited } from "../limits/rate.ts";
import { type ProblemCode } from "../problem/catalogue.ts";
import { ProblemError } from "../problem/problem.ts";

/** The longest `Authorization` header looked at. */
const MAX_HEADER = 256;

/** What authentication needs. */
export interface AuthenticateOptions {
  readonly keys: Pick<Keys, "authenticate">;
  /** Refused tries by address, so that nobody tries keys at speed. */
  readonly refusals: Buckets;
  readonly now: () => Date;
  /** Also takes the key as the password of any user, for clients that know nothing else (RFC 7617). */
  readonly basic?: boolean;
}

/** Takes the key of a request and puts what it may do into the context. */
export function authenticate({ keys, refusals, now, basic = false }: AuthenticateOptions) {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const address = c.get("address") ?? "";
    try {
      c.set("key", await keyOf(c.req.header("authorization"), keys, now(), basic));
    } catch (cause) {
      const tried = cause instanceof ProblemError && cause.code !== "unauthenticated";
      // A good key is never refused for others behind the same proxy who try bad ones.
      if (tried && refusals.take(address) < 0) throw rateLimited(refusals, address);
      throw cause;
    }
    await next();
  });
}

async function keyOf(
  header: string | undefined,
  keys: Pick<Keys, "authenticate">,
  now: Date,
  basic: boolean,
): Promise<ApiKey> {
  const refused = refuser(basic);
  if (!header) throw refused("unauthenticated", "Cannot answer: no 'Authorization' header was sent");
  const text = header.length <= MAX_HEADER ? textOf(header, basic) : null;
  if (!text) {
    const forms = basic ? "'Bearer <key>', or 'Basic' with the key as password" : "'Bearer <key>'";
    throw refused("invalid-key", `Cannot read 'Authorization': expected ${forms}`);
  }
  const key = await keys.authenticate(text);
  if (!key) throw refused("invalid-key", "Cannot find the key that was sent");
  const lapsed = lapseOf(key, now);
  if (lapsed) {
    throw refused(
      lapsed,
      `Cannot use key '${key.name}': it has ${lapsed === "revoked-key" ? "been revoked" : "expired"}`,
    );
  }
  return key;
}

function textOf(header: string, basic: boolean): string | null {
  const bearer = /^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
  if (bearer !== undefined || !basic) return bearer ?? null;
  const credentials = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header)?.[1];
  if (credentials === undefined) return null;
  return /^[^:]*:([\x21-\x7e]+)$/s.exec(Buffer.from(credentials, "base64").toString())?.[1] ?? null;
}

function refuser(basic: boolean) {
  return (code: ProblemCode, detail: string): ProblemError => {
    const error = code === "unauthenticated" ? "" : ', error="invalid_token"';
    const challenges = `Bearer realm="assay"${error}${basic ? ', Basic realm="assay"' : ""}`;
    return new ProblemError(code, detail, { headers: { "www-authenticate": challenges } });
  };
}
