import postgres from "postgres";
import { parse as parseArray } from "postgres-array";

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

/**
 * The arrays that statements take and give, by the oid of their type. The library would ask each new connection for them, and
 * send the first statement without waiting for what it has learned from the answer.
 */
const ARRAYS = {
  smallints: array(1005, Number),
  ints: array(1007, Number),
  texts: array(1009, String),
  bigints: array(1016, String),
  reals: array(1021, Number),
};

function array(oid: number, read: (text: string) => unknown): postgres.PostgresType {
  return { to: oid, from: [oid], serialize: writeArray, parse: (text: string) => parseArray(text, read) };
}

function writeArray(values: readonly unknown[]): string {
  return `{${values.map((value) => value === null ? "null" : quote(String(value))).join(",")}}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
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
    fetch_types: false,
    types: ARRAYS,
    connection: {
      application_name: `assay ${name}`,
      statement_timeout: 60_000,
      TimeZone: "UTC",
      // Lists of ids hold one or a thousand: a plan kept for both compares every pending task with every id.
      plan_cache_mode: "force_custom_plan",
    },
  });
}
