import { z } from "@hono/zod-openapi";
import { type ProblemCode, type ProblemKind, problemKinds } from "./catalogue.ts";

/** RFC 9457 problem details as they are sent, content type `application/problem+json`. */
export const Problem = z.object({
  type: z.string().openapi({ description: "URI reference of the kind: `/api/problems#<code>`" }),
  code: z.enum(Object.keys(problemKinds) as [ProblemCode, ...ProblemCode[]]),
  title: z.string(),
  status: z.int(),
  detail: z.string().openapi({ description: "What happened this time" }),
  remedy: z.string().openapi({ description: "What to do about it" }),
  instance: z.string().openapi({ description: "The request's id, also in the header `X-Request-Id`" }),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  limit: z.number().optional(),
  position: z.number().optional().openapi({ description: "Place in the query, in UTF-16 code units" }),
  end: z.number().optional().openapi({ description: "Where that place ends" }),
  expected: z.string().optional().openapi({ description: "What should have stood there" }),
  hint: z.string().optional().openapi({ description: "What to write instead" }),
  scope: z.string().optional(),
}).openapi("Problem");

/** What a problem can tell beside its text. */
export type ProblemExtra = Pick<
  z.infer<typeof Problem>,
  "errors" | "limit" | "position" | "end" | "expected" | "hint" | "scope"
>;

/** Thrown where a request cannot be answered; the API turns it into problem details. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly extra: Readonly<ProblemExtra>;
  readonly headers: Readonly<Record<string, string>>;
  /** `detail` is shown to the client: it names what it sent, never our insides. */
  constructor(
    code: ProblemCode,
    detail: string,
    given: { extra?: ProblemExtra; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, "cause" in given ? { cause: given.cause } : undefined);
    this.code = code;
    this.extra = given.extra ?? {};
    this.headers = given.headers ?? {};
  }
}

/** What a failure is told as. `requestId` lets an administrator find the cause in the log. */
export function problemBody(problem: ProblemError, requestId: string): z.infer<typeof Problem> {
  const kind: ProblemKind = problemKinds[problem.code];
  return {
    type: `/api/problems#${problem.code}`,
    code: problem.code,
    title: kind.title,
    status: kind.status,
    detail: problem.message,
    remedy: kind.remedy,
    instance: requestId,
    ...problem.extra,
  };
}

/** The answer for a failure. */
export function problemResponse(problem: ProblemError, requestId: string): Response {
  const body = problemBody(problem, requestId);
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { ...problem.headers, "content-type": "application/problem+json", "cache-control": "no-store" },
  });
}

/** Statuses that every route with a key may answer. */
const always = [401, 403, 429, 500, 503] as const;

/** Responses of a route's description: these statuses, and those that every route may answer. */
export function problems<Status extends number = never>(...statuses: Status[]) {
  const content = { "application/problem+json": { schema: Problem } };
  return Object.fromEntries(
    [...new Set<number>([...statuses, ...always])].map((
      status,
    ) => [status, { description: titlesOf(status), content }]),
  ) as Record<Status | typeof always[number], { description: string; content: typeof content }>;
}

function titlesOf(status: number): string {
  return Object.entries(problemKinds).filter(([, kind]) => kind.status === status)
    .map(([code, kind]) => `\`${code}\`: ${kind.title}`).join(". ") || "Problem";
}
