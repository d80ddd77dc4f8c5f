import type { Audit } from "@assay/infra";
import type { Context } from "hono";
import type { ApiEnvironment } from "../app/environment.ts";

/**
 * Notes who did what. Awaited before the answer: what cannot be noted fails. Things that cannot be taken back
 * (deletion, download) are noted before they are done.
 */
export async function note(
  audit: Pick<Audit, "append">,
  c: Context<ApiEnvironment>,
  action: string,
  target: string | null,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const key = c.get("key");
  await audit.append({ keyId: key.id, keyName: key.name, action, target, address: c.get("address"), detail });
}
