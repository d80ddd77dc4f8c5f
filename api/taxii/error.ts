import { problemBody, type ProblemError } from "../problem/problem.ts";
import { taxiiResponse } from "./media.ts";

/** True for what partners ask for, and what they may have meant. */
export function isTaxiiPath(path: string): boolean {
  return path === "/taxii2" || path.startsWith("/taxii2/");
}

/** A failure as TAXII tells it (2.1, 3.6.1). */
export function taxiiError(problem: ProblemError, requestId: string): Response {
  const { title, detail, remedy, code, status, instance } = problemBody(problem, requestId);
  const body = {
    title,
    description: `${detail}. ${remedy}`,
    error_id: instance,
    error_code: code,
    http_status: String(status),
  };
  return taxiiResponse(JSON.stringify(body), status, problem.headers);
}
