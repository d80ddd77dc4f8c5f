import postgres from "postgres";

/** First number of the advisory locks that are named; `migrate.ts` has one of its own. */
const SPACE = 0x4158;

/** Thrown where another process does what only one may do at a time. */
export class OccupiedError extends Error {
  override readonly name = "OccupiedError";
}

/**
 * Does something that only one process may do at a time. The lock is that of a connection of its own, so it ends with the
 * process that holds it, however that ends.
 * @throws {OccupiedError} where another process is at it
 */
export async function exclusively<T>(url: string, name: string, work: () => Promise<T>): Promise<T> {
  const connection = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: { application_name: `assay ${name}` },
  });
  try {
    const [row] = await connection<{ taken: boolean }[]>`
      select pg_try_advisory_lock(${SPACE}, hashtext(${name})) as taken`;
    if (!row!.taken) throw new OccupiedError(`Cannot ${name}: another process is at it`);
    return await work();
  } finally {
    await connection.end({ timeout: 5 });
  }
}
