import { errors } from "@elastic/elasticsearch";

/** Thrown where Elasticsearch can't be reached or is overloaded. What was asked can be asked again later. */
export class SearchUnavailableError extends Error {
  override readonly name = "SearchUnavailableError";
}

/** Thrown where a search took longer than it may. */
export class SearchTimeoutError extends Error {
  override readonly name = "SearchTimeoutError";
}

/** True for answers and failures that may go away by themselves. */
export function isPassing(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return [408, 429, 502, 503, 504].includes(error.statusCode ?? 0);
  return error instanceof errors.ConnectionError || error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError;
}

/**
 * Runs a call to Elasticsearch and gives its failures a meaning.
 * @throws {SearchUnavailableError} where it can't be reached; the signal's reason where that ended it
 */
export async function reach<T>(action: string, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    if (!isPassing(error)) throw error;
    throw new SearchUnavailableError(`Cannot ${action}: Elasticsearch is away or overloaded`, {
      cause: error,
    });
  }
}
