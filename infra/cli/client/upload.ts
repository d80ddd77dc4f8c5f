import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A body that is read while it is sent, its length known before. */
export interface Upload {
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that `parts` gives. */
  readonly length: number;
  readonly parts: () => AsyncIterable<Uint8Array>;
}

/** Codes of a server that isn't there, or went away. */
const AWAY = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "EHOSTUNREACH", "ETIMEDOUT"]);

/**
 * Posts a body with its length told: `fetch` tells none for a stream, and Deno's server takes a chunked body at a tenth of
 * the speed. @throws {TypeError} as `fetch` does where the server can't be reached
 */
export async function postUpload(url: string, upload: Upload, signal?: AbortSignal): Promise<Response> {
  signal?.throwIfAborted();
  const { protocol } = new URL(url);
  const sending = (protocol === "https:" ? requestHttps : requestHttp)(url, {
    method: "POST",
    headers: { ...upload.headers, "content-length": upload.length },
    ...(signal && { signal }),
  });
  const answered = once(sending, "response") as Promise<[IncomingMessage]>;
  const sent = pipeline(Readable.from(upload.parts()), sending);
  try {
    // A refusal may come before all is sent; what is left of the body then interests nobody.
    const [answer] = await Promise.race([answered, sent.then(() => answered)]);
    const body = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Uint8Array>));
    return new Response(body, {
      status: answer.statusCode ?? 500,
      headers: Object.entries(answer.headers).map(([name, value]) =>
        [name, String(value)] as [string, string]
      ),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof Error && "code" in cause && AWAY.has(String(cause.code))) {
      throw new TypeError(`Cannot send to '${url}': ${cause.message}`, { cause });
    }
    throw cause;
  } finally {
    sending.destroy();
    await Promise.allSettled([sent, answered]);
  }
}
