import {
  type KeyId,
  newId,
  type Note,
  type NoteId,
  type NoteVersion,
  type Sha256,
  type Timestamp,
  type Tlp,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import type { Page, PageRequest } from "../page.ts";
import { type Annotator, MAX_ANNOTATIONS, TooManyAnnotationsError } from "./annotator.ts";
import type { Sql } from "./connect.ts";
import { touchSamples } from "./enqueue.ts";
import { lockSamples } from "./lock.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";
import { visible, visibleSample } from "./visibility.ts";

/** What a note says, and to whom. */
export interface NoteContent {
  readonly text: string;
  readonly tlp: Tlp;
}

/** Why a note was not changed: it is another's, or it isn't at the version that was meant. */
export type NoteRefusal = "not-found" | "not-owner" | "changed";

/** Notes of analysts. A reader sees a note if he sees the sample and the note. Every change is shown by searches soon. */
export interface Notes {
  list(sha256: Sha256, page: PageRequest, visibility: Visibility): Promise<Page<Note>>;
  /** When a note of the sample was last written, edited or deleted, as far as the reader may see it; null where none was. */
  lastChange(sha256: Sha256, visibility: Visibility): Promise<Timestamp | null>;
  /** Null where the sample is not visible. @throws {TooManyAnnotationsError} */
  add(sha256: Sha256, content: NoteContent, by: Annotator, visibility: Visibility): Promise<Note | null>;
  /** Makes the next version, of the author's own note and only if it is still at `version`. */
  edit(
    place: { sha256: Sha256; id: NoteId },
    content: NoteContent & { version: number },
    by: Annotator,
    visibility: Visibility,
  ): Promise<Note | NoteRefusal>;
  /** Deletes the author's own note; `any`: another's too. */
  remove(
    place: { sha256: Sha256; id: NoteId },
    by: Annotator & { any: boolean },
    visibility: Visibility,
  ): Promise<"removed" | NoteRefusal>;
  /** Every version that the reader may see, newest first; of a deleted note to its author, and with `any`. Null: none. */
  versions(
    place: { sha256: Sha256; id: NoteId },
    any: boolean,
    visibility: Visibility,
  ): Promise<NoteVersion[] | null>;
}

interface NoteRow {
  readonly id: NoteId;
  readonly sha256: Sha256;
  readonly owner: KeyId;
  readonly author: string;
  readonly tlp: number;
  readonly text: string;
  readonly version: number;
  readonly created: Date;
  readonly edited: Date | null;
}

/** Notes in PostgreSQL. */
export function createNotes(pool: Sql): Notes {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  return {
    async list(sha256, page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<NoteRow[]>`
        select ${columns(pool)} from notes n
        where n.sha256 = ${sha256} and n.deleted is null ${last === null ? pool`` : pool`and n.id < ${last}`}
          and ${visible(pool, visibility, "n")} and ${visibleSample(pool, pool`n.sha256`, visibility)}
        order by n.id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toNote), page.size, ({ id }) => id);
    },

    async lastChange(sha256, visibility) {
      const [row] = await pool<{ at: Date | null }[]>`
        select max(v.at) as at from notes n join note_versions v on v.note_id = n.id
          join lateral (select v.tlp, n.owner) as shown on true
        where n.sha256 = ${sha256} and ${visible(pool, visibility, "n")} and ${
        visible(pool, visibility, "shown")
      }
          and ${visibleSample(pool, pool`n.sha256`, visibility)}`;
      return row!.at && instant(row!.at);
    },

    async add(sha256, { text, tlp }, by, visibility) {
      return await transaction(async (sql) => {
        await lockSamples(sql, [sha256]);
        const [row] = await sql<NoteRow[]>`
          insert into notes as n (id, sha256, owner, author, tlp, text)
          select ${newId<NoteId>()}, ${sha256}, ${by.id}, ${storable(by.name)}, ${tlpRank(tlp)}, ${
          storable(text)
        }
          where ${visibleSample(sql, sql`${sha256}`, visibility)} returning ${columns(sql)}`;
        if (!row) return null;
        const [own] = await sql<{ count: number }[]>`
          select count(*)::int from notes where sha256 = ${sha256} and owner = ${by.id} and deleted is null`;
        if (own!.count > MAX_ANNOTATIONS) throw new TooManyAnnotationsError("notes");
        await noteVersion(sql, row, by);
        await touchSamples(sql, [sha256]);
        return toNote(row);
      });
    },

    async edit(place, { text, tlp, version }, by, visibility) {
      return await transaction(async (sql) => {
        const note = await lockNote(sql, place, visibility);
        if (!note) return "not-found";
        if (note.owner !== by.id) return "not-owner";
        if (note.version !== version) return "changed";
        const [row] = await sql<NoteRow[]>`
          update notes n set text = ${storable(text)}, tlp = ${
          tlpRank(tlp)
        }, version = version + 1, edited = now()
          where id = ${note.id} returning ${columns(sql)}`;
        await noteVersion(sql, row!, by);
        await touchSamples(sql, [note.sha256]);
        return toNote(row!);
      });
    },

    async remove(place, by, visibility) {
      return await transaction(async (sql) => {
        const note = await lockNote(sql, place, visibility);
        if (!note) return "not-found";
        if (note.owner !== by.id && !by.any) return "not-owner";
        await sql`update notes set deleted = now(), version = version + 1 where id = ${note.id}`;
        await noteVersion(sql, { ...note, version: note.version + 1, text: null }, by);
        await touchSamples(sql, [note.sha256]);
        return "removed";
      });
    },

    async versions({ sha256, id }, any, visibility) {
      const rows = await pool<(Omit<NoteVersion, "tlp" | "at"> & { tlp: number; at: Date })[]>`
        select v.version, v.text, v.tlp, v.editor, v.at
        from notes n join note_versions v on v.note_id = n.id
          join lateral (select v.tlp, n.owner) as shown on true
        where n.id = ${id} and n.sha256 = ${sha256}
          and (n.deleted is null or ${any} or n.owner = ${visibility.reader})
          and ${visible(pool, visibility, "n")} and ${visible(pool, visibility, "shown")}
          and ${visibleSample(pool, pool`n.sha256`, visibility)}
        order by v.version desc limit 1000`;
      if (rows.length === 0) return null;
      return rows.map((row) => ({ ...row, tlp: tlpOfRank(row.tlp), at: instant(row.at) }));
    },
  };
}

/** A note that the reader may see, its sample locked first and then itself, until the transaction ends. */
async function lockNote(
  sql: Sql,
  { sha256, id }: { sha256: Sha256; id: NoteId },
  visibility: Visibility,
): Promise<NoteRow | undefined> {
  await lockSamples(sql, [sha256]);
  const [row] = await sql<NoteRow[]>`
    select ${columns(sql)} from notes n where n.id = ${id} and n.sha256 = ${sha256} and n.deleted is null
      and ${visible(sql, visibility, "n")} and ${visibleSample(sql, sql`n.sha256`, visibility)} for update`;
  return row;
}

async function noteVersion(
  sql: Sql,
  { id, version, text, tlp }: Pick<NoteRow, "id" | "version" | "tlp"> & { text: string | null },
  by: Annotator,
): Promise<void> {
  await sql`insert into note_versions ${sql({ note_id: id, version, text, tlp, editor: storable(by.name) })}`;
}

function columns(sql: Sql) {
  return sql`n.id, n.sha256, n.owner, n.author, n.tlp, n.text, n.version, n.created, n.edited`;
}

function toNote(row: NoteRow): Note {
  return {
    ...row,
    tlp: tlpOfRank(row.tlp),
    created: instant(row.created),
    edited: row.edited && instant(row.edited),
  };
}
