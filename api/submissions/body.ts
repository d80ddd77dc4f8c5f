import { ProblemError } from "../problem/problem.ts";
import { createInterruption } from "./interruption.ts";

/** Bytes read at a time. */
const CHUNK = 256 * 1024;

/**
 * The bytes of an upload as they come; gives up where none come for `idle` milliseconds, or on `signal`. A chunk is good
 * until the next is asked for: where the length is known all are read into the same memory, so that gigabytes leave no
 * garbage.
 */
export async function* readBody(
  request: Request,
  idle: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!request.body) return;
  // Deno 2.9 shifts all that waits in memory with every read of that kind from a chunked body: 20 s for 200 MB.
  const reusing = request.headers.has("content-length") ? openBytes(request.body) : null;
  const { read, cancel } = openBody(request.body, reusing);
  using interruption = createInterruption(signal);
  const stall = () =>
    interruption.interrupt(new ProblemError("upload-stalled", `Cannot go on: no byte came for ${idle} ms`));
  try {
    while (true) {
      const timer = setTimeout(stall, idle);
      const chunk = read().catch((cause) => Promise.reject(broken(cause)));
      const { done, value } = await interruption.wait(chunk).finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    await cancel().catch(() => {}); // the client is gone or was refused: there is nobody to tell
  }
}

type Reading = { done: false; value: Uint8Array } | { done: true; value?: undefined };

function openBody(
  body: ReadableStream<Uint8Array>,
  bytes: ReadableStreamBYOBReader | null,
): { read(): Promise<Reading>; cancel(): Promise<void> } {
  if (bytes === null) {
    const reader = body.getReader();
    return { read: async () => await reader.read() as Reading, cancel: () => reader.cancel() };
  }
  let memory = new ArrayBuffer(CHUNK);
  return {
    async read() {
      const { done, value } = await bytes.read(new Uint8Array(memory));
      if (value !== undefined) memory = value.buffer;
      return done || value === undefined ? { done: true } : { done: false, value };
    },
    cancel: () => bytes.cancel(),
  };
}

/** Bodies from sockets are byte streams, which read into memory that is given to them; null for others. */
function openBytes(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: "byob" });
  } catch (cause) {
    if (cause instanceof TypeError && !body.locked) return null;
    throw cause;
  }
}

function broken(cause: unknown): ProblemError {
  return new ProblemError("upload-stalled", "Cannot go on: the upload broke off", { cause });
}
