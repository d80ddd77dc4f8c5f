import { type ImportedText, type ImportId, newId, type NoteId, type Sha256, tlpRank } from "@assay/core";
import { type Annotator, MAX_ANNOTATIONS } from "../annotator.ts";
import type { Sql } from "../connect.ts";
import { touchSamples } from "../enqueue.ts";
import { lockSamples } from "../lock.ts";
import { storable } from "../storable.ts";

/** Notes that one import brings. */
const MOST_NOTES = 2000;
/** Rows written at once: a note may have 16 kB. */
const PORTION = 200;

/** What becomes notes. */
export interface ImportNotes {
  readonly id: ImportId;
  readonly author: string;
  readonly texts: readonly ImportedText[];
  /** Samples by the hashes that the texts name. */
  readonly samples: ReadonlyMap<string, readonly Sha256[]>;
  /** Those of them that may get notes: the importer sees them. */
  readonly visible: ReadonlySet<Sha256>;
}

interface Wanted {
  readonly sha256: Sha256;
  readonly text: string;
  readonly tlp: number;
}

/** Writes a partner's texts to the samples that they are about. One that another import brought is shared with it. */
export async function addImportNotes(
  sql: Sql,
  { id, author, texts, samples, visible }: ImportNotes,
  by: Annotator,
): Promise<{ notes: number; notesLeftOut: number }> {
  const wanted = wantedNotes(texts, samples, visible);
  const sha256s = [...new Set(wanted.map(({ sha256 }) => sha256))].sort();
  if (sha256s.length === 0) return { notes: 0, notesLeftOut: 0 };
  await lockSamples(sql, sha256s);
  const there = await sql<(Wanted & { id: NoteId })[]>`
    select n.id, n.sha256, n.text, n.tlp from notes n
    where n.sha256 = any(${sha256s as string[]}) and n.author = ${author} and n.deleted is null
      and exists (select from import_notes o where o.note_id = n.id)`;
  const sameAs = new Map(there.map((note) => [keyOf(note), note.id]));
  const counts = await sql<{ sha256: Sha256; count: number }[]>`
    select sha256, count(*)::int from notes
    where sha256 = any(${sha256s as string[]}) and owner = ${by.id} and deleted is null group by sha256`;
  const left = new Map(counts.map(({ sha256, count }) => [sha256, MAX_ANNOTATIONS - count]));
  const claimed: NoteId[] = [];
  const fresh: (Wanted & { id: NoteId })[] = [];
  let notesLeftOut = 0;
  for (const note of wanted) {
    const same = sameAs.get(keyOf(note));
    const room = left.get(note.sha256) ?? MAX_ANNOTATIONS;
    if (same !== undefined) claimed.push(same);
    else if (fresh.length >= MOST_NOTES || room <= 0) notesLeftOut++;
    else {
      fresh.push({ ...note, id: newId<NoteId>() });
      left.set(note.sha256, room - 1);
    }
  }
  await writeNotes(sql, fresh, author, by);
  const notes = [...claimed, ...fresh.map((note) => note.id)];
  await sql`insert into import_notes (import_id, note_id) select ${id}, unnest(${notes as string[]}::text[])`;
  await touchSamples(sql, fresh.map(({ sha256 }) => sha256));
  return { notes: notes.length, notesLeftOut };
}

function wantedNotes(
  texts: readonly ImportedText[],
  samples: ImportNotes["samples"],
  visible: ReadonlySet<Sha256>,
): Wanted[] {
  const wanted = texts.flatMap(({ text, tlp, hashes }) =>
    [...new Set(hashes.flatMap((value) => samples.get(value) ?? []))].filter((sha256) => visible.has(sha256))
      .map((sha256) => ({ sha256, text: storable(text), tlp: tlpRank(tlp) }))
  );
  return [...new Map(wanted.map((note) => [keyOf(note), note])).values()];
}

function keyOf({ sha256, text, tlp }: Wanted): string {
  return JSON.stringify([sha256, tlp, text]);
}

async function writeNotes(
  sql: Sql,
  notes: readonly (Wanted & { id: NoteId })[],
  author: string,
  by: Annotator,
): Promise<void> {
  const editor = storable(by.name);
  for (let at = 0; at < notes.length; at += PORTION) {
    const some = notes.slice(at, at + PORTION);
    await sql`insert into notes ${sql(some.map((note) => ({ ...note, owner: by.id, author })))}`;
    await sql`insert into note_versions ${
      sql(some.map(({ id, text, tlp }) => ({ note_id: id, version: 1, text, tlp, editor })))
    }`;
  }
}

/** Takes out what the import brought and no other did; notes that somebody changed stay. */
export async function dropImportNotes(
  sql: Sql,
  id: ImportId,
  by: Annotator,
): Promise<{ notes: number; notesKept: number }> {
  const brought = await sql<{ sha256: Sha256 }[]>`
    select distinct n.sha256 from notes n join import_notes o on o.note_id = n.id where o.import_id = ${id}`;
  await lockSamples(sql, brought.map(({ sha256 }) => sha256));
  const claims = await sql<
    { id: NoteId }[]
  >`delete from import_notes where import_id = ${id} returning note_id as id`;
  const notes = await sql<{ id: NoteId; sha256: Sha256; tlp: number; version: number }[]>`
    select n.id, n.sha256, n.tlp, n.version from notes n
    where n.id = any(${claims.map((one) => one.id) as string[]}) and n.deleted is null
      and not exists (select from import_notes o where o.note_id = n.id)`;
  const gone = notes.filter(({ version }) => version === 1);
  if (gone.length > 0) {
    await sql`update notes set deleted = now(), version = 2 where id = any(${gone.map((note) =>
      note.id
    ) as string[]})`;
    const editor = storable(by.name);
    await sql`
      insert into note_versions (note_id, version, text, tlp, editor)
      select id, version, null, tlp, ${editor} from notes where id = any(${gone.map((note) =>
      note.id
    ) as string[]})`;
    await touchSamples(sql, gone.map(({ sha256 }) => sha256));
  }
  return { notes: gone.length, notesKept: notes.length - gone.length };
}
