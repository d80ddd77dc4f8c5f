import { ProblemError } from "../problem/problem.ts";
import { createInterruption } from "./interruption.ts";

/** The bytes of an upload as they come; gives up where none come for `idle` milliseconds, or on `signal`. */
export async function* readBody(
  body: ReadableStream<Uint8Array> | null,
  idle: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  using interruption = createInterruption(signal);
  const stall = () =>
    interruption.interrupt(new ProblemError("upload-stalled", `Cannot go on: no byte came for ${idle} ms`));
  try {
    while (true) {
      const timer = setTimeout(stall, idle);
      const read = reader.read().catch((cause) => Promise.reject(broken(cause)));
      const { done, value } = await interruption.wait(read).finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // the client is gone or was refused: there is nobody to tell
  }
}

function broken(cause: unknown): ProblemError {
  return new ProblemError("upload-stalled", "Cannot go on: the upload broke off", { cause });
}
