/** What a client gets to know of a kind of failure. */
export interface ProblemKind {
  readonly status: 400 | 401 | 403 | 404 | 406 | 408 | 409 | 410 | 413 | 415 | 429 | 500 | 501 | 503 | 504;
  readonly title: string;
  /** What the client can do. */
  readonly remedy: string;
}

/** Every failure that the API answers with, by its stable code. Codes stay; titles may change. */
export const problemKinds = {
  "invalid-request": {
    status: 400,
    title: "The request is malformed",
    remedy: "Correct the fields that `errors` names.",
  },
  "invalid-json": { status: 400, title: "The body is not JSON", remedy: "Send valid JSON in UTF-8." },
  "invalid-id": {
    status: 400,
    title: "The id in the path is malformed",
    remedy: "Use an id as the API gave it: a ULID, or a SHA-256 in 64 lower-case hexadecimal digits.",
  },
  "invalid-cursor": {
    status: 400,
    title: "The cursor is not from this list",
    remedy: "Start again without a cursor.",
  },
  "cursor-expired": {
    status: 410,
    title: "The search that the cursor goes on with is no longer kept",
    remedy: "Start again without a cursor; `POST /api/v1/search/export` gives all hits at once.",
  },
  "invalid-query": {
    status: 400,
    title: "The query cannot be parsed",
    remedy:
      "Correct the query from `position` to `end` as `expected` and `hint` tell; `GET /api/v1/search/fields` " +
      "lists the fields.",
  },
  "invalid-sort": {
    status: 400,
    title: "The list cannot be sorted like that",
    remedy: "Sort by a field that the detail names, with `-` before it for descending.",
  },
  "invalid-field": {
    status: 400,
    title: "The field is unknown, or cannot be counted like that",
    remedy: "Choose a field that the detail asks for; `GET /api/v1/search/fields` lists them.",
  },
  "invalid-interval": {
    status: 400,
    title: "The field cannot be divided like that",
    remedy: "Correct what the detail names, or leave `interval`, `from` and `to` out.",
  },
  "invalid-column": {
    status: 400,
    title: "There is no such column",
    remedy: "List fields of `GET /api/v1/search/fields` other than texts and notes, or `reportId`.",
  },
  "invalid-options": {
    status: 400,
    title: "The submission's options are wrong",
    remedy: "Correct the fields that `errors` names, or leave them out.",
  },
  "invalid-multipart": {
    status: 400,
    title: "The multipart body is malformed",
    remedy: "Send multipart/form-data with a boundary, `file` parts, and at most one `options` part.",
  },
  "no-files": {
    status: 400,
    title: "The submission holds no file",
    remedy: "Send at least one `file` part, a raw body, or known hashes. An empty file is a file.",
  },
  "too-many-files": {
    status: 413,
    title: "The submission holds too many files",
    remedy: "Split it into several submissions of at most `limit` files.",
  },
  "sample-too-large": {
    status: 413,
    title: "The file is larger than allowed",
    remedy: "Send files of at most `limit` bytes; `api.maxUpload` raises it.",
  },
  "body-too-large": {
    status: 413,
    title: "The request body is larger than allowed",
    remedy: "Send at most `limit` bytes, in several requests if need be.",
  },
  "not-acceptable": {
    status: 406,
    title: "The answer has no such media type",
    remedy: "Accept `application/taxii+json;version=2.1`.",
  },
  "read-only": {
    status: 403,
    title: "The collection can only be read",
    remedy: "Hand reports in by `POST /api/v1/submissions`.",
  },
  "invalid-import": {
    status: 400,
    title: "The partner's file cannot be read",
    remedy: "Send what `format` says, within the limits that the detail names; in parts if need be.",
  },
  "import-refused": {
    status: 400,
    title: "Some of the partner's file is invalid",
    remedy: "Correct what `errors` names, or leave `strict` out to import the rest. Nothing was changed.",
  },
  "unsupported-type": {
    status: 415,
    title: "The content type is not understood here",
    remedy: "Send one of the content types that the API's description lists for this route.",
  },
  "client-left": {
    status: 408,
    title: "The client went away before the answer",
    remedy: "Ask again; what was under way for it was ended.",
  },
  "upload-stalled": {
    status: 408,
    title: "The upload stopped",
    remedy: "Send it again; nothing of it was kept.",
  },
  "unauthenticated": {
    status: 401,
    title: "A key is needed",
    remedy: "Send `Authorization: Bearer <key>`.",
  },
  "invalid-key": {
    status: 401,
    title: "The key is not known",
    remedy: "Check the key; ask an administrator for a new one.",
  },
  "expired-key": {
    status: 401,
    title: "The key has expired",
    remedy: "Ask an administrator for a new key.",
  },
  "revoked-key": {
    status: 401,
    title: "The key has been revoked",
    remedy: "Ask an administrator for a new key.",
  },
  "missing-scope": {
    status: 403,
    title: "The key may not do this",
    remedy: "Use a key with the scope that `scope` names.",
  },
  "beyond-clearance": {
    status: 403,
    title: "The key may not hand out more than it has",
    remedy: "Choose a level up to the key's own `maxTlp`.",
  },
  "not-found": {
    status: 404,
    title: "There is no such thing, or the key may not see it",
    remedy: "Check the id and the key's `maxTlp`.",
  },
  "no-route": {
    status: 404,
    title: "There is no such route",
    remedy: "See `/api/docs` for all routes.",
  },
  "not-owner": {
    status: 403,
    title: "It is another's",
    remedy: "Only its owner may change it; an administrator may delete it.",
  },
  "too-many-hunts": {
    status: 409,
    title: "There are too many live hunts",
    remedy: "End one first.",
  },
  "too-many-publications": {
    status: 409,
    title: "There are too many published searches",
    remedy: "End the publication of one first.",
  },
  "name-taken": {
    status: 409,
    title: "The key has another one of that name",
    remedy: "Choose another name, or change the one that has it.",
  },
  "changed-meanwhile": {
    status: 409,
    title: "It has been changed meanwhile",
    remedy: "Read it again and make the change on what it says now.",
  },
  "too-many-annotations": {
    status: 409,
    title: "The key has too many notes or tags on this sample",
    remedy: "Delete some first.",
  },
  "task-not-final": {
    status: 409,
    title: "The task is still going on",
    remedy: "Cancel it first, or wait for its end.",
  },
  "sample-held": {
    status: 409,
    title: "The sample is under legal hold",
    remedy: "Ask an administrator; nothing of it can be deleted before the hold is lifted.",
  },
  "report-in-use": {
    status: 409,
    title: "The report answers other tasks",
    remedy: 'Delete those first, or analyse their samples again with `rescan: "all"`.',
  },
  "task-final": {
    status: 409,
    title: "The task is over",
    remedy: "Nothing is left to cancel.",
  },
  "task-not-retryable": {
    status: 409,
    title: "The task neither failed nor was cancelled",
    remedy: "Submit the sample again with `rescan` to analyse it anew.",
  },
  "job-not-complete": {
    status: 409,
    title: "The job has no result",
    remedy: "Wait until it is complete; `GET /api/v1/jobs/{id}` tells.",
  },
  "count-differs": {
    status: 409,
    title: "The search finds another number than was confirmed",
    remedy: "Look at the result again and confirm the number that the detail tells.",
  },
  "too-many-reports": {
    status: 413,
    title: "These are more reports than a file may hold",
    remedy:
      "Ask for at most `limit` reports, in several files if need be, or for a zip; `exports.maxReports` raises what a zip may hold.",
  },
  "export-beyond-clearance": {
    status: 403,
    title: "The file holds more than the key may see by now",
    remedy: "Delete it and ask for another one.",
  },
  "job-final": { status: 409, title: "The job is over", remedy: "Nothing is left to cancel." },
  "own-key": {
    status: 409,
    title: "A key cannot revoke itself",
    remedy: "Use another administrator's key.",
  },
  "unknown-module": {
    status: 400,
    title: "There is no such module",
    remedy: "Choose from `GET /api/v1/modules`.",
  },
  "unknown-preset": {
    status: 400,
    title: "There is no such preset",
    remedy: "Use one that `GET /modules` lists, add it to the configuration, or name modules by `modules`.",
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests",
    remedy: "Wait for the seconds that `Retry-After` tells.",
  },
  "too-many-exports": {
    status: 429,
    title: "Too many exports are under way or kept",
    remedy: "Wait for one to end, end it by closing its connection, or delete one of `GET /api/v1/exports`.",
  },
  "too-many-imports": {
    status: 429,
    title: "Too many imports are under way",
    remedy: "Wait for one to end.",
  },
  "too-many-listeners": {
    status: 429,
    title: "Too many event streams are open",
    remedy: "Close one, or ask for the tasks' states instead.",
  },
  "store-away": {
    status: 503,
    title: "A store that this needs is away",
    remedy: "Try again after the seconds that `Retry-After` tells; `/health/ready` says which one is away.",
  },
  "unknown-format": {
    status: 400,
    title: "There is no such format",
    remedy: "Choose one that the detail lists.",
  },
  "export-failed": {
    status: 500,
    title: "The export could not be made, or was found to be wrong",
    remedy:
      "Take another format meanwhile, and tell the administrator the request id; the log of the reports process has " +
      "the cause.",
  },
  "export-too-large": {
    status: 500,
    title: "The export takes too much memory or would be too large",
    remedy: "Take another format, such as JSON; `reports.memory` and `reports.maxSize` raise the limits.",
  },
  "export-unavailable": {
    status: 501,
    title: "What this format needs is not installed",
    remedy:
      "Start `deno task up` where the package index can be reached; `deno task assay doctor` tells what is missing.",
  },
  "exports-busy": {
    status: 503,
    title: "Too many exports are waiting",
    remedy: "Try again after the seconds that `Retry-After` tells.",
  },
  "exports-away": {
    status: 503,
    title: "Exports cannot be made right now",
    remedy: "Try again after the seconds that `Retry-After` tells; `/health/ready` says what is away.",
  },
  "export-timeout": {
    status: 504,
    title: "Making the export took too long",
    remedy: "Take another format, or try again later; `reports.timeout` raises the limit.",
  },
  "stopping": {
    status: 503,
    title: "The server is about to stop",
    remedy: "Try again after the seconds that `Retry-After` tells; nothing of the request was kept.",
  },
  "timeout": {
    status: 504,
    title: "The answer took too long",
    remedy: "Ask for less at once, or try again later.",
  },
  "internal": {
    status: 500,
    title: "Something went wrong on our side",
    remedy: "Tell the administrator the request id; the log has the cause.",
  },
} as const satisfies Record<string, ProblemKind>;

/** The stable code of a kind of failure. */
export type ProblemCode = keyof typeof problemKinds;
