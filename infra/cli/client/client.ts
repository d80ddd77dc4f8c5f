import { z } from "zod";

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
  /** `body` is made anew for every try. */
  post<T>(
    path: string,
    schema: z.ZodType<T>,
    body: () => { headers: HeadersInit; body: BodyInit },
    signal?: AbortSignal,
  ): Promise<T>;
  /** Server-sent events as they come; ends when the connection does. */
  events(path: string, signal: AbortSignal): AsyncIterable<string>;
}

const TRIES = 6;

/** A client of the REST API. */
export function createClient({ server, key }: ClientOptions): Client {
  const authorization = { authorization: `Bearer ${key}` };
  const url = (path: string) => new URL(path, server).href;

  async function ask(path: string, init: () => RequestInit): Promise<Response> {
    for (let tries = 1;; tries++) {
      try {
        const response = await fetch(url(path), init());
        if (response.ok) return response;
        throw await problemOf(response);
      } catch (cause) {
        if (tries >= TRIES || !isPassing(cause)) throw explain(cause, server);
        const seconds = cause instanceof ProblemError && cause.retryAfter !== null
          ? cause.retryAfter
          : 2 ** (tries - 2);
        await pause(Math.min(seconds, 30) * 1000, init().signal ?? undefined);
      }
    }
  }

  return {
    async get(path, schema, signal) {
      const response = await ask(path, () => ({ headers: authorization, ...(signal && { signal }) }));
      return schema.parse(await response.json());
    },
    async post(path, schema, body, signal) {
      const response = await ask(path, () => {
        const made = body();
        return {
          method: "POST",
          headers: { ...authorization, ...made.headers },
          body: made.body,
          ...(signal && { signal }),
        };
      });
      return schema.parse(await response.json());
    },
    async *events(path, signal) {
      const response = await ask(
        path,
        () => ({ headers: { ...authorization, accept: "text/event-stream" }, signal }),
      );
      let rest = "";
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const events = (rest + chunk).split("\n\n");
        rest = events.pop()!;
        for (const event of events) {
          const data = event.split("\n").filter((line) => line.startsWith("data:")).map((line) =>
            line.slice(5).trim()
          );
          if (data.length > 0) yield data.join("\n");
        }
      }
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
