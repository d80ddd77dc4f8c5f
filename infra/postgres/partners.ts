import type { Milliseconds, Partner, PartnerEvent, TaskId, Timestamp } from "@assay/core";
import type { PartnerConfig } from "../config/partner.ts";
import type { Page, PageRequest } from "../page.ts";
import type { Sql } from "./connect.ts";
import { after, NUMBER, pageOf } from "./paging.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";

/** Events of one partner that are kept. */
export const MOST_EVENTS = 5000;
const MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
/** Characters of what a partner said that are kept. */
const MOST_DETAIL = 1000;

/** Where pushing to a partner goes on. */
export interface PartnerTurn {
  /** The collection that it followed last; null before the first time. */
  readonly collection: string | null;
  /** When the last object that was pushed had been published, to the microsecond; null for the start. */
  readonly place: Timestamp | null;
  readonly failures: number;
  /** Failures in which the partner met what was sent, since one push went well. */
  readonly tries: number;
  /** When it may be tried again; null for now. */
  readonly nextTry: Date | null;
  readonly testAsked: boolean;
  /** Somebody asked for what was given up to be tried again. */
  readonly again: readonly DeadObject[];
}

/** An object that a partner refused for good. */
export interface DeadObject {
  readonly objectId: string;
  /** When it was published, to the microsecond. */
  readonly added: Timestamp;
  readonly reason: string;
}

/** What a push that went well did. */
export interface Pushed {
  readonly collection: string;
  readonly place: Timestamp | null;
  readonly sent: number;
  /** What the partner refused. */
  readonly dead: readonly DeadObject[];
  /** What was given up before and isn't any more. */
  readonly revived: readonly string[];
  readonly detail: string;
}

/** How pushing to partners stands. */
export interface Partners {
  /** Of the partners that the configuration names. */
  list(configured: readonly PartnerConfig[]): Promise<Partner[]>;
  /** What happened, newest first. */
  events(name: string, page: PageRequest): Promise<Page<PartnerEvent>>;
  /** Has the process that pushes look whether it reaches the partner; what it finds is an event. */
  askTest(name: string): Promise<void>;
  /** Has it go on now, and try again what was given up. Gives how many objects that are. */
  askRetry(name: string): Promise<number>;

  /** Takes the partner for this process until the lease ends; null where another has it. */
  take(name: string, holder: string, lease: Milliseconds): Promise<PartnerTurn | null>;
  /** Gives it back. */
  release(name: string, holder: string): Promise<void>;
  /** Notes where to go on from, all in one transaction: after a crash it is done or not. False where another has it by now. */
  pushed(name: string, holder: string, done: Pushed): Promise<boolean>;
  /** Starts to follow a collection: from its first object, or from what is published next. */
  follow(name: string, collection: string, from: "first" | "next"): Promise<void>;
  /** `met`: the partner met what was sent, so that a part of it may be what is wrong. */
  failed(name: string, error: string, nextTry: Date, met: boolean): Promise<void>;
  tested(name: string, detail: string): Promise<void>;
  /** The report that a STIX object of a collection comes from; null where it is gone. */
  reportOf(collection: string, objectId: string): Promise<TaskId | null>;
  /** Calls back whenever somebody asked for something (LISTEN). */
  onAsked(wake: () => void, signal: AbortSignal): Promise<void>;
}

interface PartnerRow {
  readonly name: string;
  readonly collection: string | null;
  readonly place: Timestamp | null;
  readonly sent: string;
  readonly failures: number;
  readonly tries: number;
  readonly next_try: Date | null;
  readonly last_success: Date | null;
  readonly last_error: string | null;
  readonly test_asked: boolean;
  readonly dead: number;
}

/** How pushing stands, in PostgreSQL. */
export function createPartners(pool: Sql): Partners {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  return {
    async list(configured) {
      const rows = await pool<PartnerRow[]>`
        select p.*, (select count(*)::int from partner_dead d where d.partner = p.name) as dead from partners p
        where name = any(${configured.map(({ name }) => name)})`;
      const byName = new Map(rows.map((row) => [row.name, row]));
      return configured.map((one) => toPartner(one, byName.get(one.name)));
    },

    async events(name, page) {
      const last = after(page, NUMBER);
      const rows = await pool<(Omit<PartnerEvent, "at"> & { at: Date })[]>`
        select id::text, at, event, objects, detail from partner_events
        where partner = ${name} ${last === null ? pool`` : pool`and id < ${last}`}
        order by partner_events.id desc limit ${page.size + 1}`;
      return pageOf(rows.map((row) => ({ ...row, at: instant(row.at) })), page.size, ({ id }) => id);
    },

    async askTest(name) {
      await pool`
        insert into partners (name, test_asked) values (${name}, true)
        on conflict (name) do update set test_asked = true`;
      await wake(pool);
    },

    async askRetry(name) {
      return await transaction(async (sql) => {
        await sql`
          insert into partners (name) values (${name})
          on conflict (name) do update set failures = 0, next_try = null`;
        const dead =
          await sql`update partner_dead set again = true where partner = ${name} returning object_id`;
        await note(sql, name, "retried", dead.length, "Somebody asked for it");
        await wake(sql);
        return dead.length;
      });
    },

    async take(name, holder, lease) {
      await pool`insert into partners (name) values (${name}) on conflict do nothing`;
      const [row] = await pool<PartnerRow[]>`
        update partners set holder = ${holder}, held_until = now() + ${lease} * interval '1 millisecond'
        where name = ${name} and (holder = ${holder} or held_until is null or held_until < now()) returning *`;
      if (!row) return null;
      const again = await pool<DeadObject[]>`
        select object_id as "objectId", added, reason from partner_dead
        where partner = ${name} and again order by added limit 1000`;
      return {
        collection: row.collection,
        place: row.place,
        failures: row.failures,
        tries: row.tries,
        nextTry: row.next_try,
        testAsked: row.test_asked,
        again,
      };
    },

    async release(name, holder) {
      await pool`update partners set held_until = null where name = ${name} and holder = ${holder}`;
    },

    async pushed(name, holder, { collection, place, sent, dead, revived, detail }) {
      return await transaction(async (sql) => {
        const [held] = await sql`
          update partners set collection = ${collection}, place = ${place}, sent = sent + ${sent}, failures = 0, tries = 0,
            next_try = null, last_success = now(), last_error = null
          where name = ${name} and holder = ${holder} returning name`;
        if (!held) return false;
        await sql`delete from partner_dead where partner = ${name} and object_id = any(${[...revived]})`;
        for (const { objectId, added, reason } of dead) {
          const row = { partner: name, object_id: objectId, added, reason: cut(reason), again: false };
          await sql`
            insert into partner_dead ${sql(row)} on conflict (partner, object_id) do update
            set added = excluded.added, reason = excluded.reason, again = false, at = now()`;
        }
        if (sent > 0) await note(sql, name, "sent", sent, detail);
        if (dead.length > 0) await note(sql, name, "dead", dead.length, dead[0]!.reason);
        return true;
      });
    },

    async follow(name, collection, from) {
      await pool`
        update partners set collection = ${collection}, failures = 0, tries = 0, next_try = null, place = ${
        from === "first"
          ? null
          : pool`(select to_char(last_added at time zone 'UTC', ${MICROSECONDS}) from taxii_collections where id = ${collection})`
      } where name = ${name}`;
    },

    async reportOf(collection, objectId) {
      const [row] = await pool<{ id: TaskId }[]>`
        select report_id as id from taxii_sources
        where collection = ${collection} and object_id = ${objectId} order by report_id desc limit 1`;
      return row?.id ?? null;
    },

    async failed(name, error, nextTry, met) {
      await transaction(async (sql) => {
        await sql`
          update partners set failures = failures + 1, tries = tries + ${Number(met)}, next_try = ${nextTry},
            last_error = ${cut(error)} where name = ${name}`;
        await note(sql, name, "failed", 0, error);
      });
    },

    async tested(name, detail) {
      await transaction(async (sql) => {
        await sql`update partners set test_asked = false where name = ${name}`;
        await note(sql, name, "tested", 0, detail);
      });
    },

    async onAsked(wake, signal) {
      const { unlisten } = await pool.listen("assay_partners", wake, wake);
      // The pool may have ended by then, and the listening with it.
      signal.addEventListener("abort", () => void unlisten().catch(() => {}), { once: true });
    },
  };
}

async function note(
  sql: Sql,
  partner: string,
  event: PartnerEvent["event"],
  objects: number,
  detail: string,
): Promise<void> {
  await sql`insert into partner_events ${sql({ partner, event, objects, detail: cut(detail) })}`;
  await sql`
    delete from partner_events where partner = ${partner} and id <= (
      select id from partner_events where partner = ${partner} order by id desc offset ${MOST_EVENTS} limit 1)`;
}

async function wake(sql: Sql): Promise<void> {
  await sql`select pg_notify('assay_partners', '')`;
}

function cut(text: string): string {
  return storable(text.slice(0, MOST_DETAIL));
}

function toPartner({ name, kind, url, tlp, search }: PartnerConfig, row: PartnerRow | undefined): Partner {
  const nextTry = row?.next_try ?? null;
  const isNew = row === undefined || row.last_success === null && row.last_error === null;
  return {
    name,
    kind,
    host: new URL(url).host,
    tlp,
    search,
    state: isNew ? "new" : nextTry === null ? "working" : "waiting",
    place: row?.place ?? null,
    sent: Number(row?.sent ?? 0),
    dead: row?.dead ?? 0,
    failures: row?.failures ?? 0,
    nextTry: nextTry && instant(nextTry),
    lastSuccess: row?.last_success ? instant(row.last_success) : null,
    lastError: row?.last_error ?? null,
  };
}
