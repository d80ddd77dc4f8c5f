/** Characters of a reason that are kept. */
const MOST_REASON = 2000;

/** An error's message as the reason of a run: never empty, never long. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return (message || "Failed without a message").slice(0, MOST_REASON);
}
