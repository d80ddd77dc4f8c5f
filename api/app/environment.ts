import type { ApiKey } from "@assay/infra";

/** What requests carry through the middleware. */
export interface ApiEnvironment {
  Variables: {
    /** Names the request in the log, in problems and in `X-Request-Id`. */
    requestId: string;
    /** The key that asks; set on every route below `/api/v1`. */
    key: ApiKey;
    /** Address of the client as the server sees it; null where there is no socket. */
    address: string | null;
  };
  Bindings: {
    /** What `Deno.serve` knows of the connection. */
    remoteAddr?: Deno.Addr;
  };
}
