import type { Visibility } from "@assay/core";
import { allows, type Annotator } from "@assay/infra";
import type { Context } from "hono";
import type { ApiEnvironment } from "../app/environment.ts";

/** What the asking key may see. Every read hands it on. */
export function readerOf(c: Context<ApiEnvironment>): Visibility {
  const key = c.get("key");
  return { reader: key.id, maxTlp: key.maxTlp };
}

/** The asking key, as who adds to findings. */
export function annotatorOf(c: Context<ApiEnvironment>): Annotator {
  const { id, name } = c.get("key");
  return { id, name };
}

/** True where the asking key may take away what another added. */
export function mayAll(c: Context<ApiEnvironment>): boolean {
  return allows(c.get("key").scopes, "admin");
}
