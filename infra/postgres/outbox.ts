import type { Sql } from "./connect.ts";
import type { Outbox, OutboxRow } from "./repositories.ts";

/** The outbox in PostgreSQL. */
export function createOutbox(pool: Sql): Outbox {
  return {
    async relay(publish, limit) {
      return await pool.begin(async (tx) => {
        const rows = await tx<(OutboxRow & { id: string })[]>`
          select id, subject, message_id as "messageId", payload from outbox
          order by id limit ${limit} for update skip locked`;
        if (rows.length === 0) return 0;
        await publish(rows);
        await tx`delete from outbox where id = any(${rows.map(({ id }) => id)}::bigint[])`;
        return rows.length;
      }) as number;
    },
    async onWaiting(wake, signal) {
      const { unlisten } = await pool.listen("assay_outbox", wake, wake);
      // The pool may have ended by then, and the listening with it.
      signal.addEventListener("abort", () => void unlisten().catch(() => {}), { once: true });
    },
  };
}
