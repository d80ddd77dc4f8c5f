import { bodyLimit } from "hono/body-limit";
import { ProblemError } from "../problem/problem.ts";

/** The largest body of a JSON route, in bytes. */
export const MAX_BODY = 2 ** 20;

/** Bounds the bodies of JSON routes. Not for uploads: it reads chunked bodies into memory. */
export function limitBody() {
  return bodyLimit({
    maxSize: MAX_BODY,
    onError: () => {
      throw new ProblemError("body-too-large", `Cannot read body: larger than ${MAX_BODY} bytes`, {
        extra: { limit: MAX_BODY },
      });
    },
  });
}
