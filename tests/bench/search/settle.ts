/** What there is once writing has settled. */
export interface Settled {
  readonly documents: number;
  /** On disk. */
  readonly bytes: number;
}

/** Waits until everything is on disk and no merge is running, so that sizes and times are those of an index at rest. */
export async function settle(elasticsearch: string, prefix: string): Promise<Settled> {
  const indices = `${prefix}-reports`;
  await ask("POST", `${elasticsearch}/${indices}/_flush?wait_if_ongoing=true`);
  for (let i = 0; i < 600; i++) {
    const { _all: { primaries } } = await ask("GET", `${elasticsearch}/${indices}/_stats/store,merge`);
    if (primaries.merges.current === 0) {
      const { count } = await ask("GET", `${elasticsearch}/${indices}/_count`);
      return { documents: count, bytes: primaries.store.size_in_bytes };
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("Cannot measure: Elasticsearch is still merging after five minutes");
}

// deno-lint-ignore no-explicit-any
async function ask(method: string, url: string): Promise<any> {
  const response = await fetch(url, { method });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
