import type { Tlp } from "@assay/core";
import { createContext } from "@lit/context";

/** Why a token is asked for. */
export type TokenReason = "start" | "expiring" | "unauthorized" | "online";
/** Gives a bearer token; called by the scope, one call at a time. */
export type TokenProvider = (
  request: { reason: TokenReason; signal: AbortSignal },
) => Promise<{ token: string; expiresAt: number | null }>;

/** A refusal of the API: RFC 9457 problem details. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The key that asks, as far as screens need it. */
export interface KeySelf {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly maxTlp: Tlp;
}

const TOKEN_TIMEOUT = 30_000;
/** A token is renewed this long before it ends. */
const EARLY = 30_000;

/** The API as elements see it: they know neither its address nor the token. */
export class Client {
  readonly #base: string;
  readonly #provider: TokenProvider;
  #token: { token: string; expiresAt: number | null } | null = null;
  #asking: Promise<string> | null = null;
  #self: Promise<KeySelf> | null = null;

  /** `base` is the API's address, empty for the page's own origin. */
  constructor(base: string, provider: TokenProvider) {
    this.#base = base.replace(/\/$/, "");
    this.#provider = provider;
  }

  /** Absolute or root-relative address of an API path. */
  address(path: string): string {
    return `${this.#base}${path}`;
  }

  /** Asks the API and gives JSON. @throws {Problem} with what to do */
  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.request(path, init);
    return response.status === 204 ? undefined as T : await response.json() as T;
  }

  /** Asks the API; on 401 once more with a new token. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const first = await this.#fetch(path, init, await this.token("start"));
    const response = first.status === 401
      ? await this.#fetch(path, init, await this.token("unauthorized"))
      : first;
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** The key that asks; looked up once. */
  self(): Promise<KeySelf> {
    return this.#self ??= this.json<KeySelf>("/api/v1/keys/self").catch((cause) => {
      this.#self = null;
      throw cause;
    });
  }

  /** Server-sent events by fetch, since EventSource can't send Authorization. Ends when the connection does. */
  async *events(
    path: string,
    signal: AbortSignal,
    onOpen: () => void,
  ): AsyncGenerator<{ event: string; data: string }> {
    const response = await this.request(path, { headers: { accept: "text/event-stream" }, signal });
    onOpen();
    let rest = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const lines = block.split("\n");
        const values = (name: string) =>
          lines.filter((line) => line.startsWith(`${name}:`)).map((line) =>
            line.slice(name.length + 1).trim()
          );
        const data = values("data").join("\n");
        if (data !== "") yield { event: values("event")[0] ?? "message", data };
      }
    }
  }

  /** A bearer token that lasts; one question to the provider at a time. */
  token(reason: TokenReason): Promise<string> {
    const lasts = this.#token &&
      (this.#token.expiresAt === null || this.#token.expiresAt - EARLY > Date.now());
    if (lasts && reason !== "unauthorized") return Promise.resolve(this.#token!.token);
    this.#asking ??= this.#provider({
      reason: this.#token && reason === "start" ? "expiring" : reason,
      signal: AbortSignal.timeout(TOKEN_TIMEOUT),
    }).then((given) => {
      this.#token = given;
      return given.token;
    }).finally(() => this.#asking = null);
    return this.#asking;
  }

  #fetch(path: string, init: RequestInit, token: string): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    return fetch(this.address(path), { ...init, headers, credentials: "omit" });
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const { code, title, detail } = await response.json();
    return new Problem(response.status, String(code), String(detail ?? title));
  } catch {
    return new Problem(response.status, "http", `The server answered ${response.status}`);
  }
}

/** Where elements find their client: provided by the nearest `assay-scope`. */
export const clientContext = createContext<Client | null>("assay-client");
