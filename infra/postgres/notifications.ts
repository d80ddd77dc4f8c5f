import type { Notification, NotificationId, Visibility } from "@assay/core";
import type { Page, PageRequest } from "../page.ts";
import type { Sql } from "./connect.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { instant } from "./task_row.ts";
import { visibleSample } from "./visibility.ts";

/** What keys are told of their hunts' hits; of samples that they may see now. */
export interface Notifications {
  /** The reader's own, newest first, with how many are unread; counting stops at 1,000. */
  list(
    filter: { unread: boolean },
    page: PageRequest,
    visibility: Visibility,
  ): Promise<Page<Notification> & { unread: number }>;
  /** Marks these of the reader's own as read, or all where null; gives how many were not. */
  markRead(ids: readonly NotificationId[] | null, visibility: Visibility): Promise<number>;
  /** Forgets what is older than so many days. */
  forget(days: number): Promise<number>;
}

const MAX_UNREAD = 1000;

/** Notifications in PostgreSQL. */
export function createNotifications(pool: Sql): Notifications {
  return {
    async list({ unread }, page, visibility) {
      const last = after(page, ULID);
      const own = pool`n.owner = ${visibility.reader} and ${visibleSample(pool, pool`n.sha256`, visibility)}`;
      const rows = await pool<
        (Omit<Notification, "created" | "read"> & { created: Date; read: Date | null })[]
      >`
        select n.id, n.search_id as "searchId", q.name as search, n.sha256, n.report_id as "reportId", n.created, n.read
        from notifications n join searches q on q.id = n.search_id
        where ${own} ${unread ? pool`and n.read is null` : pool``} ${
        last === null ? pool`` : pool`and n.id < ${last}`
      } order by n.id desc limit ${page.size + 1}`;
      const [count] = await pool<{ unread: number }[]>`
        select count(*)::int as unread from (
          select from notifications n where ${own} and n.read is null limit ${MAX_UNREAD}) x`;
      const items = rows.map((row) => ({
        ...row,
        created: instant(row.created),
        read: row.read && instant(row.read),
      }));
      return { ...pageOf(items, page.size, ({ id }) => id), unread: count!.unread };
    },

    async markRead(ids, visibility) {
      const rows = await pool`
        update notifications set read = now() where owner = ${visibility.reader} and read is null
          ${ids === null ? pool`` : pool`and id = any(${[...ids] as string[]})`} returning id`;
      return rows.length;
    },

    async forget(days) {
      const rows = await pool`
        delete from notifications where created < now() - ${days} * interval '1 day' returning id`;
      return rows.length;
    },
  };
}
