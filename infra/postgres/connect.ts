import postgres from "postgres";

/** A pool of connections. */
export type Sql = postgres.Sql;
/** A part of a statement. */
// deno-lint-ignore no-explicit-any -- as the library types its own fragments
export type Fragment = postgres.PendingQuery<any[]>;

/** How to connect. */
export interface PostgresOptions {
  readonly url: string;
  /** Named in `pg_stat_activity`. */
  readonly name: string;
  /** Most connections; 10 by default. */
  readonly max?: number;
}

/** A bounded pool that connects when it is first asked and again after a restart of the server. */
export function connectPostgres({ url, name, max = 10 }: PostgresOptions): Sql {
  return postgres(url, {
    max,
    connect_timeout: 10,
    idle_timeout: 300,
    max_lifetime: 3600,
    backoff: (retries) => Math.min(0.1 * 2 ** retries, 2),
    onnotice: () => {},
    transform: { undefined: null },
    connection: {
      application_name: `assay ${name}`,
      statement_timeout: 60_000,
      TimeZone: "UTC",
      // Lists of ids hold one or a thousand: a plan kept for both compares every pending task with every id.
      plan_cache_mode: "force_custom_plan",
    },
  });
}
