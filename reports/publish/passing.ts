import { ExportError, isPostgresAway, SearchTimeoutError, SearchUnavailableError } from "@assay/infra";

/**
 * True for what may go well later: a store or every renderer is away or busy, or two were in each other's way (classes 40 and 23 of
 * PostgreSQL's error codes).
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof ExportError) return error.refusal === "busy" || error.refusal === "away";
  return error instanceof SearchUnavailableError || error instanceof SearchTimeoutError ||
    isPostgresAway(error) ||
    (error instanceof Error && "code" in error && /^(40|23)/.test(String(error.code)));
}
