/** PostgreSQL: the connection, or the server behind it, is going or gone (classes 08, 53, 57 of its error codes). */
const AWAY = /^(CONNECT|CONNECTION_|ECONN|ENOTFOUND|EPIPE|EHOSTUNREACH|ETIMEDOUT|08\d{3}|53\d{3}|57P0\d)/;

/** True where PostgreSQL could not be asked, so that asking later may do. */
export function isPostgresAway(error: unknown): boolean {
  return error instanceof Error && "code" in error && AWAY.test(String(error.code));
}
