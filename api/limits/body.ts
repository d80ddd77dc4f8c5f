import { bodyLimit } from "hono/body-limit";
import { ProblemError } from "../problem/problem.ts";

/** The largest body of a JSON route, in bytes. */
export const MAX_BODY = 2 ** 20;

/** Bounds the bodies of routes that read them whole. Not for uploads: it reads chunked bodies into memory. */
export function limitBody(limit: number = MAX_BODY) {
  return bodyLimit({
    maxSize: limit,
    onError: () => {
      throw new ProblemError("body-too-large", `Cannot read body: larger than ${limit} bytes`, {
        extra: { limit },
      });
    },
  });
}
