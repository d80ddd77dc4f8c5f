import { connectElasticsearch, type SearchRequest } from "@assay/infra";
import type { Visibility } from "@assay/core";

/** What the client and Elasticsearch speak. */
export const mediaType = "application/vnd.elasticsearch+json; compatible-with=9";

/** A request as it was sent to Elasticsearch. */
export interface Captured {
  readonly method: string;
  /** Path and query string. */
  readonly path: string;
  readonly body: string;
}

/** Writes down what a search sends to Elasticsearch: a listener that hands everything on to it. */
export interface Capture extends AsyncDisposable {
  of(request: SearchRequest, visibility: Visibility): Promise<Captured>;
}

/** Starts the listener before the node of that address. */
export function captureBefore(elasticsearch: string, prefix: string): Capture {
  let last: Captured | null = null;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    const path = pathname + search;
    if (pathname.endsWith("/_search")) last = { method: request.method, path, body };
    const headers = { "content-type": mediaType, accept: mediaType };
    const answer = await fetch(elasticsearch + path, {
      method: request.method,
      headers,
      ...body && { body },
    });
    const headersBack = new Headers(answer.headers);
    // Fetch has unpacked it.
    headersBack.delete("content-encoding");
    headersBack.delete("content-length");
    return new Response(answer.body, { status: answer.status, headers: headersBack });
  });
  const { search, close } = connectElasticsearch({ url: `http://127.0.0.1:${server.addr.port}`, prefix });
  return {
    async of(request, visibility) {
      last = null;
      await search.search(request, visibility);
      if (last === null) throw new Error(`Cannot capture '${request.q}': no search was sent`);
      return last;
    },
    async [Symbol.asyncDispose]() {
      await close();
      await server.shutdown();
    },
  };
}
