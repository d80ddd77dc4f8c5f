import { type Client, errors } from "@elastic/elasticsearch";
import { getLogger } from "@logtape/logtape";
import { reach } from "./unavailable.ts";

/** How long a point in time lives after each page read from it. */
export const KEEP_POINT = "5m";

/** Thrown where the point in time of a cursor is gone: it was too old, or Elasticsearch was started anew. */
export class CursorExpiredError extends Error {
  override readonly name = "CursorExpiredError";
}

/** Points in time: what an index held at a moment, so that pages read later fit those read before. */
export interface Points {
  open(index: string, signal: AbortSignal | undefined): Promise<string>;
  /**
   * Lets go of one, which may be opening still, without waiting: nobody needs the answer, and one that is forgotten goes by
   * itself.
   */
  drop(point: string | Promise<string>): void;
  /** Resolves when all that were let go of are gone. */
  settle(): Promise<void>;
}

/** Points in time on that cluster. */
export function createPoints(client: Client): Points {
  const log = getLogger(["assay", "elasticsearch"]);
  const going = new Set<Promise<void>>();
  async function close(point: string | Promise<string>): Promise<void> {
    await client.closePointInTime({ id: await point }, { ignore: [404], requestTimeout: 5000 });
  }
  return {
    async open(index, signal) {
      const options = signal === undefined ? {} : { signal };
      const opened = await reach(
        "search",
        () => client.openPointInTime({ index, keep_alive: KEEP_POINT }, options),
        signal,
      );
      return opened.id;
    },
    drop(point) {
      const closing = close(point).catch((cause) =>
        log.debug("A point in time stays open for {keep}: {cause}", { keep: KEEP_POINT, cause })
      ).finally(() => going.delete(closing));
      going.add(closing);
    },
    async settle() {
      await Promise.all(going);
    },
  };
}

/** True for the answer to a search at a point in time that is gone. */
export function isExpired(error: unknown): boolean {
  return error instanceof errors.ResponseError &&
    /search_context_missing_exception|No search context found/.test(JSON.stringify(error.body ?? ""));
}
