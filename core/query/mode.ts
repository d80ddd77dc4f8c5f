/**
 * How a query's text is read: `default` is the query language; `exact` takes the whole text as one phrase; `advanced`
 * is the query language with what may cost much (regular expressions, wildcards at the start of any word), in bounds.
 */
export type QueryMode = "default" | "exact" | "advanced";

/** Every mode, the usual one first. */
export const queryModes = ["default", "exact", "advanced"] as const satisfies readonly QueryMode[];
