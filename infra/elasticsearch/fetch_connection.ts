import {
  BaseConnection,
  type ConnectionOptions,
  type ConnectionRequestOptions,
  type ConnectionRequestOptionsAsStream,
  type ConnectionRequestParams,
  type ConnectionRequestResponse,
  type ConnectionRequestResponseAsStream,
  errors,
} from "@elastic/elasticsearch";
import { Readable } from "node:stream";

/**
 * The client's requests over the platform's own `fetch`: as fast as its default stack, and nothing is left running once
 * it is closed (the default one shares a timer that outlives it).
 */
export class FetchConnection extends BaseConnection {
  readonly #client: Deno.HttpClient;

  constructor(options: ConnectionOptions) {
    super(options);
    const ca = options.tls?.ca;
    this.#client = Deno.createHttpClient(ca === undefined ? {} : { caCerts: [String(ca)] });
  }

  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse>;
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponseAsStream>;
  override async request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions | ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponse | ConnectionRequestResponseAsStream> {
    const url = new URL(this.url);
    // Credentials are in the headers; fetch refuses them in addresses.
    url.username = url.password = "";
    url.pathname = this.url.pathname.replace(/\/$/, "") + params.path;
    url.search = params.querystring ?? "";
    using timer = deadline(options.timeout ?? this.timeout);
    const signals = [timer.signal, ...(options.signal === undefined ? [] : [options.signal])];
    try {
      const response = await fetch(url, {
        method: params.method,
        headers: { ...this.headers, ...params.headers } as Record<string, string>,
        body: bodyOf(params.body),
        signal: AbortSignal.any(signals),
        client: this.#client,
        redirect: "manual",
      });
      const headers = Object.fromEntries(response.headers);
      const statusCode = response.status;
      if ("asStream" in options) {
        return { statusCode, headers, body: Readable.from(response.body ?? []) };
      }
      // The client looks at the encoding to undo it, which fetch has done.
      delete headers["content-encoding"];
      return { statusCode, headers, body: await response.text() };
    } catch (error) {
      if (options.signal?.aborted) throw new errors.RequestAbortedError("Request aborted");
      if (timer.signal.aborted) throw new errors.TimeoutError("Request timed out");
      throw new errors.ConnectionError(error instanceof Error ? error.message : String(error));
    }
  }

  override close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }
}

function bodyOf(body: ConnectionRequestParams["body"]): BodyInit | null {
  if (body === undefined || body === null || body === "") return null;
  if (typeof body === "string") return body;
  return Buffer.isBuffer(body) ? new Uint8Array(body) : Readable.toWeb(body) as ReadableStream<Uint8Array>;
}

function deadline(milliseconds: number | null): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const timer = milliseconds === null ? undefined : setTimeout(() => controller.abort(), milliseconds);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
