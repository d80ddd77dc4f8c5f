import { type Client, errors } from "@elastic/elasticsearch";
import { isPassing, SearchUnavailableError } from "./unavailable.ts";

/** One document to write. Its id and version make writing it twice the same as once. */
export interface BulkItem {
  readonly id: string;
  /** A document with a higher version is never replaced by one with a lower. */
  readonly version: number;
  /** The document as JSON; null deletes it. */
  readonly json: string | null;
}

/** How documents are written. */
export interface BulkSettings {
  /** Makes them searchable before it resolves; true by default. */
  readonly refresh?: boolean;
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** What became of documents that were not written, by id. */
export interface BulkResult {
  /** Why, for each that was refused for good. */
  readonly refused: ReadonlyMap<string, string>;
  /** Those of which a later version is there. */
  readonly outdated: ReadonlySet<string>;
}

/** Requests are split so that none holds more UTF-16 code units than this, unless one document does alone. */
const MAX_BULK_LENGTH = 2_097_152;
/** Requests under way at once: Elasticsearch indexes one while the next is made and another waits for the disk. */
const AT_ONCE = 2;
/** Waits before each further try, in milliseconds: about six seconds in all. */
const WAITS = [100, 300, 900, 1700, 3000];

interface BulkAnswer {
  readonly items: readonly Partial<Record<"index" | "delete", BulkEnd>>[];
}

interface BulkEnd {
  readonly status: number;
  readonly error?: {
    readonly type: string;
    readonly reason?: string;
    readonly caused_by?: { reason?: string };
  };
}

/**
 * Writes documents behind an alias and makes them searchable before it resolves. Takes each as it is made, so that the next
 * are made while the first are written. Tries again while Elasticsearch is away or busy.
 * @throws {SearchUnavailableError} where it stayed away
 */
export async function bulkIndex(
  client: Client,
  alias: string,
  items: Iterable<BulkItem>,
  { refresh = true, wait = pause }: BulkSettings = {},
): Promise<BulkResult> {
  const result = { refused: new Map<string, string>(), outdated: new Set<string>() };
  const write = (chunk: readonly BulkItem[], refresh: boolean) =>
    writeChunk({ client, alias, chunk, refresh, wait, result });
  const running = new Set<Promise<void>>();
  let last: readonly BulkItem[] = [];
  try {
    for (const chunk of chunksOf(items)) {
      if (last.length > 0) await keepGoing(running, write(last, false));
      last = chunk;
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
  // Alone and at the end: making this one searchable does so for all.
  await write(last, refresh);
  return result;
}

/** Lets a request go out, and waits only where too many are under way. */
async function keepGoing(running: Set<Promise<void>>, request: Promise<void>): Promise<void> {
  const one = request.finally(() => running.delete(one));
  // Who waits for all of them is told.
  one.catch(() => {});
  running.add(one);
  await (running.size < AT_ONCE ? pause(0) : Promise.race(running));
}

interface Chunk {
  readonly client: Client;
  readonly alias: string;
  readonly chunk: readonly BulkItem[];
  readonly refresh: boolean;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly result: { readonly refused: Map<string, string>; readonly outdated: Set<string> };
}

async function writeChunk({ client, alias, chunk, refresh, wait, result }: Chunk): Promise<void> {
  let left = chunk;
  for (let attempt = 0; left.length > 0; attempt++) {
    const answer = await send(client, alias, left, refresh);
    const { again, cause } = "cause" in answer ? { again: left, ...answer } : sort(left, answer, result);
    if (again.length === 0) return;
    const delay = WAITS[attempt];
    if (delay === undefined) {
      const message = `Cannot store ${again.length} documents: Elasticsearch is away or overloaded`;
      throw new SearchUnavailableError(message, { cause });
    }
    await wait(delay);
    left = again;
  }
}

async function send(
  client: Client,
  alias: string,
  items: readonly BulkItem[],
  refresh: boolean,
): Promise<BulkAnswer | { cause: unknown }> {
  try {
    return await client.transport.request<BulkAnswer>({
      method: "POST",
      path: `/${encodeURIComponent(alias)}/_bulk`,
      querystring: {
        refresh: String(refresh),
        require_alias: "true",
        filter_path: "items.*.status,items.*.error",
      },
      bulkBody: bodyOf(items),
    }, { requestTimeout: 60_000 });
  } catch (error) {
    if (isPassing(error)) return { cause: error };
    if (!(error instanceof errors.ResponseError) || error.statusCode !== 413) throw error;
    // Over a limit of the server or of a proxy before it.
    if (items.length === 1) return { items: [{ index: { status: 413, error: { type: "too large" } } }] };
    const half = items.length >> 1;
    const first = await send(client, alias, items.slice(0, half), refresh);
    if ("cause" in first) return first;
    const second = await send(client, alias, items.slice(half), refresh);
    return "cause" in second ? second : { items: [...first.items, ...second.items] };
  }
}

function bodyOf(items: readonly BulkItem[]): string {
  let body = "";
  for (const { id, version, json } of items) {
    const at = `{"_id":${JSON.stringify(id)},"version":${version},"version_type":"external_gte"}`;
    body += json === null ? `{"delete":${at}}\n` : `{"index":${at}}\n${json}\n`;
  }
  return body;
}

/** Notes what has ended; gives back what may be tried again, with a reason. */
function sort(
  items: readonly BulkItem[],
  answer: BulkAnswer,
  ends: { readonly refused: Map<string, string>; readonly outdated: Set<string> },
): { again: BulkItem[]; cause: unknown } {
  const again: BulkItem[] = [];
  let cause: unknown;
  for (const [index, item] of items.entries()) {
    const { index: indexed, delete: deleted } = answer.items[index] ?? {};
    const result = indexed ?? deleted;
    if (result !== undefined && result.status < 300) continue;
    if (result?.status === 409) {
      ends.outdated.add(item.id);
      continue;
    }
    // What should go is gone.
    if (deleted?.status === 404 && deleted.error === undefined) continue;
    const error = result?.error;
    const reason = error?.caused_by?.reason ?? error?.reason ?? error?.type ?? `status ${result?.status}`;
    if (result?.status === 400 || result?.status === 413) ends.refused.set(item.id, reason);
    // All else may pass: overload, an index that is not there yet or closed to writing for a while.
    else {
      again.push(item);
      cause = new Error(reason);
    }
  }
  return { again, cause };
}

function* chunksOf(items: Iterable<BulkItem>): Generator<BulkItem[]> {
  let chunk: BulkItem[] = [];
  let length = 0;
  for (const item of items) {
    if (chunk.length > 0 && length + sizeOf(item) > MAX_BULK_LENGTH) {
      yield chunk;
      [chunk, length] = [[], 0];
    }
    chunk.push(item);
    length += sizeOf(item);
  }
  if (chunk.length > 0) yield chunk;
}

function sizeOf({ json }: BulkItem): number {
  return json?.length ?? 0;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
