import { office } from "../fixtures/documents.ts";
import { organisation, reader } from "../fixtures/reports.ts";
import type { RenderJob } from "./messages.ts";
import { createRendererPool, type PoolOptions, type RendererPool } from "./pool.ts";

/** A job for a faulty renderer, in JSON: the name says what it does. */
export function faultyJob(name: string): Uint8Array {
  const job: RenderJob = {
    options: { format: "text", profile: "default", defang: true, sections: ["summary"] },
    input: { report: { ...office(), name }, organisation, visibility: reader },
  };
  return new TextEncoder().encode(JSON.stringify(job));
}

/** A pool of faulty renderers, closed at the end of `await using`. */
export function faultyPool(given: Partial<PoolOptions> = {}): RendererPool & AsyncDisposable {
  const pool = createRendererPool({
    size: 1,
    timeout: 60_000,
    heapMegabytes: 64,
    maxBytes: 1_000_000,
    stix: null,
    entry: new URL("./fixtures/faulty.ts", import.meta.url),
    ...given,
  });
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.close() });
}
