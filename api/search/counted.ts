import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { searched } from "./schema.ts";

/** Which result numbers are about, in a query or a body. */
export const countedQuery = { q: searched.q, mode: searched.mode, scope: searched.scope };

/** The name of a field. */
export const FieldName = z.string().min(1).max(120);

/** Names of fields with commas between, at most so many. */
export function fieldNames(most: number) {
  return z.string().max(6000).transform((text) => text.split(",")).pipe(z.array(FieldName).min(1).max(most));
}

/** A value with its documents, and what to add to a query to keep or to leave them out. */
export const ValueCount = z.object({
  value: z.string(),
  count: z.int(),
  include: z.string(),
  exclude: z.string(),
}).openapi("ValueCount");

/** Members of a list of values. */
export const valueList = {
  values: z.array(ValueCount),
  /** Values that are not listed; `exact` is false where their number is an estimate. */
  others: z.object({ count: z.int(), exact: z.boolean() }),
  /** True where every count is exact and none is missing that should stand before a listed one. */
  exact: z.boolean(),
};

/** Ends when the reader leaves or the time for answers is over. */
export function signalOf(api: ApiDependencies, c: Context<ApiEnvironment>): AbortSignal {
  return AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(api.settings.answerWithin)]);
}

/** A description of a route that can be asked by `GET` and, for what is too long for an address, by `POST`. */
export const byBody = "As by GET, for queries that are too long for an address";
