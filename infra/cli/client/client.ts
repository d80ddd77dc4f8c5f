import { z } from "zod";
import { postUpload, type Upload } from "./upload.ts";

/** Where the API is and who asks. */
export interface ClientOptions {
  /** e.g. `http://127.0.0.1:8080`. */
  readonly server: string;
  readonly key: string;
}

/** A refusal of the API: RFC 9457 problem details. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly status: number;
  readonly code: string;
  /** Seconds after which to try again, where the API said so. */
  readonly retryAfter: number | null;
  constructor(status: number, code: string, detail: string, retryAfter: number | null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const Problem = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() });

/** The REST API as the command line uses it. Requests that were refused for load or an absent store are tried again. */
export interface Client {
  get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
  /** Gets whatever it is; the answer is read as it comes. */
  download(path: string, signal?: AbortSignal): Promise<Response>;
  /** Posts JSON; the answer is read as it comes. */
  stream(path: string, body: unknown, signal?: AbortSignal): Promise<Response>;
  remove(path: string): Promise<void>;
  /** Posts a body that is made anew for every try. */
  upload<T>(
    path: string,
    schema: z.ZodType<T>,
    make: () => Promise<Upload>,
    signal?: AbortSignal,
  ): Promise<T>;
}

const TRIES = 6;

/** A client of the REST API. */
export function createClient({ server, key }: ClientOptions): Client {
  const authorization = { authorization: `Bearer ${key}` };
  const url = (path: string) => new URL(path, server).href;

  /** Sends until it is answered, or refused for good. */
  async function ask(send: () => Promise<Response>, signal?: AbortSignal): Promise<Response> {
    for (let tries = 1;; tries++) {
      try {
        const response = await send();
        if (response.ok) return response;
        throw await problemOf(response);
      } catch (cause) {
        if (tries >= TRIES || !isPassing(cause)) throw explain(cause, server);
        const seconds = cause instanceof ProblemError && cause.retryAfter !== null
          ? cause.retryAfter
          : 2 ** (tries - 2);
        await pause(Math.min(seconds, 30) * 1000, signal);
      }
    }
  }

  const download: Client["download"] = (path, signal) =>
    ask(() => fetch(url(path), { headers: authorization, ...(signal && { signal }) }), signal);

  return {
    download,
    async get(path, schema, signal) {
      return schema.parse(await (await download(path, signal)).json());
    },
    stream(path, body, signal) {
      const init: RequestInit = {
        method: "POST",
        headers: { ...authorization, "content-type": "application/json" },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      };
      return ask(() => fetch(url(path), init), signal);
    },
    async remove(path) {
      const response = await ask(() => fetch(url(path), { method: "DELETE", headers: authorization }));
      await response.body?.cancel();
    },
    async upload(path, schema, make, signal) {
      const response = await ask(async () => {
        const made = await make();
        return await postUpload(
          url(path),
          { ...made, headers: { ...authorization, ...made.headers } },
          signal,
        );
      }, signal);
      return schema.parse(await response.json());
    },
  };
}

async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text();
  const after = Number(response.headers.get("retry-after"));
  const retryAfter = response.headers.has("retry-after") && Number.isFinite(after) ? after : null;
  const problem = Problem.safeParse(parseJson(text));
  if (!problem.success) {
    return new ProblemError(response.status, "http", `The server answered ${response.status}`, retryAfter);
  }
  const { code, title, detail } = problem.data;
  return new ProblemError(response.status, code, detail ?? title, retryAfter);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not JSON: the schema refuses it and the status is told instead
  }
}

function isPassing(cause: unknown): boolean {
  return cause instanceof ProblemError && (cause.status === 429 || cause.status === 503);
}

function explain(cause: unknown, server: string): unknown {
  if (!(cause instanceof TypeError)) return cause;
  return new Error(
    `Cannot reach Assay at ${server}: start it with 'deno task up', or say where it is with --server`,
    { cause },
  );
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
