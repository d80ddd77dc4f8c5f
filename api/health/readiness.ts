/** `away` where something that is needed isn't there. */
export type ReadyState = "ready" | "away";

/** What is there and what is away, and why. */
export interface Readiness {
  readonly status: ReadyState;
  readonly checks: Record<string, { status: ReadyState; reason: string | null }>;
}

/** A check that takes longer, in milliseconds, counts as failed. */
const PATIENCE = 5000;

/**
 * Asks every check at once. Askers at the same time share one answer, so that nobody who may ask without a key can
 * make work for the stores.
 */
export function createReadiness(
  checks: () => Readonly<Record<string, () => Promise<void>>>,
): () => Promise<Readiness> {
  let current: Promise<Readiness> | null = null;

  async function ask(): Promise<Readiness> {
    const states = await Promise.all(
      Object.entries(checks()).map(async ([name, check]) => {
        const reason = await within(check, PATIENCE).then(() => null, reasonOf);
        return [name, { status: stateOf(reason === null), reason }] as const;
      }),
    );
    return {
      status: stateOf(states.every(([, { status }]) => status === "ready")),
      checks: Object.fromEntries(states),
    };
  }

  return () => current ??= ask().finally(() => current = null);
}

async function within(check: () => Promise<void>, milliseconds: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${milliseconds} ms`)), milliseconds);
  try {
    await Promise.race([check(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message || cause.name : String(cause);
  return message.split("\n")[0]!.slice(0, 300);
}

function stateOf(ready: boolean): ReadyState {
  return ready ? "ready" : "away";
}
