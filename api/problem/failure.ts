import { QueryError, UnreadableImportError } from "@assay/core";
import {
  ColumnError,
  CursorError,
  CursorExpiredError,
  ExportError,
  type ExportRefusal,
  FieldError,
  IntervalError,
  isPostgresAway,
  SampleMissingError,
  SampleStoreAwayError,
  SampleTooLargeError,
  SearchTimeoutError,
  SearchUnavailableError,
  SortError,
  TooManyAnnotationsError,
} from "@assay/infra";
import { HTTPException } from "hono/http-exception";
import type { ProblemCode } from "./catalogue.ts";
import { ProblemError } from "./problem.ts";

/** Seconds after which a client may try again when a store is away. */
const RETRY_AFTER = 5;

/** The problem that a failure is to a client: known ones by their meaning, all others as `internal`. */
export function problemOf(cause: unknown): ProblemError {
  if (cause instanceof ProblemError) return cause;
  if (cause instanceof CursorError) return new ProblemError("invalid-cursor", cause.message, { cause });
  if (cause instanceof SampleTooLargeError) {
    return new ProblemError("sample-too-large", cause.message, { extra: { limit: cause.maxBytes }, cause });
  }
  if (cause instanceof SampleMissingError) return new ProblemError("not-found", cause.message, { cause });
  if (cause instanceof SampleStoreAwayError) return away("the sample store", cause);
  if (cause instanceof SearchUnavailableError) return away("Elasticsearch", cause);
  if (cause instanceof SearchTimeoutError) return new ProblemError("timeout", cause.message, { cause });
  if (cause instanceof ExportError) return ofExport(cause);
  if (cause instanceof ColumnError) return new ProblemError("invalid-column", cause.message, { cause });
  if (cause instanceof SortError) return new ProblemError("invalid-sort", cause.message, { cause });
  if (cause instanceof FieldError) return new ProblemError("invalid-field", cause.message, { cause });
  if (cause instanceof IntervalError) return new ProblemError("invalid-interval", cause.message, { cause });
  if (cause instanceof TooManyAnnotationsError) {
    return new ProblemError("too-many-annotations", cause.message, { cause });
  }
  if (cause instanceof UnreadableImportError) {
    return new ProblemError("invalid-import", cause.message, { cause });
  }
  if (cause instanceof HTTPException) return ofHttp(cause);
  if (cause instanceof QueryError) {
    return new ProblemError("invalid-query", cause.message, {
      extra: {
        position: cause.place.start,
        end: cause.place.end,
        expected: cause.expected,
        ...(cause.hint === null ? {} : { hint: cause.hint }),
      },
      cause,
    });
  }
  if (cause instanceof CursorExpiredError) {
    return new ProblemError("cursor-expired", cause.message, { cause });
  }
  if (!(cause instanceof Error)) return internal(cause);
  if (cause instanceof DOMException && cause.name === "AbortError") {
    return new ProblemError("client-left", "Cannot answer: the client went away", { cause });
  }
  if (cause instanceof DOMException && cause.name === "TimeoutError") {
    return new ProblemError("timeout", "Cannot answer in time: the limit of this route is spent", { cause });
  }
  if (isPostgresAway(cause)) return away("PostgreSQL", cause);
  return internal(cause);
}

const EXPORT_CODES: Readonly<Record<ExportRefusal, ProblemCode>> = {
  "not-found": "not-found",
  "busy": "exports-busy",
  "timeout": "export-timeout",
  "too-large": "export-too-large",
  "failed": "export-failed",
  "unreadable": "invalid-import",
  "unavailable": "export-unavailable",
  "away": "exports-away",
};

function ofExport(cause: ExportError): ProblemError {
  const { refusal, retryAfter, message } = cause;
  return new ProblemError(EXPORT_CODES[refusal], message, {
    ...retryAfter !== null && { headers: { "retry-after": String(retryAfter) } },
    cause,
  });
}

function away(store: string, cause: unknown): ProblemError {
  return new ProblemError("store-away", `Cannot reach ${store}: nothing was changed`, {
    headers: { "retry-after": String(RETRY_AFTER) },
    cause,
  });
}

/** What Hono refuses by itself: JSON that does not parse, and content types it doesn't expect. */
function ofHttp(cause: HTTPException): ProblemError {
  if (cause.status === 415) return new ProblemError("unsupported-type", cause.message, { cause });
  if (cause.status === 400) {
    const json = /json/i.test(cause.message);
    return new ProblemError(
      json ? "invalid-json" : "invalid-request",
      "Cannot read body: it is not valid JSON",
      { cause },
    );
  }
  return internal(cause);
}

function internal(cause: unknown): ProblemError {
  return new ProblemError("internal", "Cannot answer: an unexpected failure, noted under the request id", {
    cause,
  });
}
