/** A run as it is read: portions of its lines, in order. */
export type Run = AsyncIterable<readonly string[]>;

/** Merges sorted runs into one, a line at a time; equal lines of several come once. Holds a portion of each run. */
export async function* mergeRuns(runs: readonly Run[]): AsyncGenerator<string> {
  const heads: Head[] = [];
  try {
    for (const run of runs) {
      const head = new Head(run);
      heads.push(head);
      await head.fill();
    }
    const heap = heads.filter(({ line }) => line !== null);
    for (let at = heap.length >> 1; at >= 0; at--) sink(heap, at);
    let last: string | null = null;
    while (heap.length > 0) {
      const [head] = heap as [Head];
      const line = head.line!;
      if (line !== last) yield line;
      last = line;
      if (!head.step()) await head.fill();
      if (head.line === null) {
        const end = heap.pop()!;
        if (end === head) continue;
        heap[0] = end;
      }
      sink(heap, 0);
    }
  } finally {
    for (const head of heads) await head.close();
  }
}

/** The next line of a run. */
class Head {
  /** Null at the run's end. */
  line: string | null = null;
  #lines: readonly string[] = [];
  #at = 0;
  readonly #portions: AsyncIterator<readonly string[]>;
  constructor(run: Run) {
    this.#portions = run[Symbol.asyncIterator]();
  }
  /** False where the next portion is needed first. */
  step(): boolean {
    const line = this.#lines[++this.#at];
    if (line !== undefined) this.line = line;
    return line !== undefined;
  }
  async fill(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#portions.next();
      this.#at = 0;
      this.#lines = done ? [] : value;
      this.line = this.#lines[0] ?? null;
      if (done || this.line !== null) return;
    }
  }
  async close(): Promise<void> {
    await this.#portions.return?.();
  }
}

/** Restores the order of a heap whose head at `at` may be too far up. */
function sink(heap: Head[], at: number): void {
  for (;;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && heap[child]!.line! < heap[least]!.line!) least = child;
    }
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
