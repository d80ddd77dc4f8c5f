import type { Visibility } from "@assay/core";
import type { Context } from "hono";
import type { ApiEnvironment } from "../app/environment.ts";

/** What the asking key may see. Every read hands it on. */
export function readerOf(c: Context<ApiEnvironment>): Visibility {
  const key = c.get("key");
  return { reader: key.id, maxTlp: key.maxTlp };
}
