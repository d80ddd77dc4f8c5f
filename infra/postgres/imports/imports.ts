import {
  type Import,
  type ImportEffect,
  ImportId,
  type ImportReading,
  newId,
  type Sha256,
  type Tlp,
  tlpLevels,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import type postgres from "postgres";
import type { Page, PageRequest } from "../../page.ts";
import type { Annotator } from "../annotator.ts";
import type { Sql } from "../connect.ts";
import { createJob } from "../jobs.ts";
import { putKnownHashes } from "../known_hashes.ts";
import { after, pageOf, ULID } from "../paging.ts";
import { storable, storableJson } from "../storable.ts";
import { instant } from "../task_row.ts";
import { visible, visibleSample } from "../visibility.ts";
import { addImportNotes, dropImportNotes } from "./notes.ts";

/** The kind of job that judges samples anew of which an import spoke. */
export const JUDGE_IMPORT = "import.judge";

/** What is imported. */
export interface NewImport {
  /** Who sent it. */
  readonly source: string;
  /** Of the file; null where it has none. */
  readonly name: string | null;
  readonly format: Import["format"];
  /** SHA-256 of the file and of how it was read. */
  readonly digest: string;
  readonly reading: ImportReading;
  /** Samples by their MD5 and SHA-1, as far as the importer sees them; those by SHA-256 are found here. */
  readonly samples: ReadonlyMap<string, readonly Sha256[]>;
}

/** What partners sent, each an import that can be taken out again. */
export interface Imports {
  /**
   * Adds hashes and notes in one transaction, and asks for the samples to be judged anew. The same file again adds nothing: it
   * gives the import that is there (`isNew` false).
   */
  add(given: NewImport, by: Annotator, visibility: Visibility): Promise<{ import: Import; isNew: boolean }>;
  /** What {@link add} would do; changes nothing. Null where the same file was imported already. */
  preview(given: NewImport, by: Annotator, visibility: Visibility): Promise<ImportEffect | null>;
  find(id: ImportId, visibility: Visibility): Promise<Import | null>;
  /** Newest first. */
  list(page: PageRequest, visibility: Visibility): Promise<Page<Import>>;
  /** Samples of which it spoke, as far as the reader sees them; null where there is no such import. */
  samples(id: ImportId, page: PageRequest, visibility: Visibility): Promise<Page<Sha256> | null>;
  /** Takes out what it brought, but notes that were changed since. Null where there is none. */
  remove(id: ImportId, by: Annotator, visibility: Visibility): Promise<ImportRemoval | null>;
  /** For the platform's own: samples of an import after that one, in order. */
  spokenOf(id: ImportId, after: string, size: number): Promise<Sha256[]>;
}

/** What a removal took out. */
export interface ImportRemoval {
  readonly hashes: number;
  readonly notes: number;
  /** Notes that stay since somebody changed them. */
  readonly notesKept: number;
  /** The job that judges its samples anew; null where none is here. */
  readonly jobId: Import["jobId"];
}

/** Undoes a preview. */
class PreviewError extends Error {
  override readonly name = "PreviewError";
  constructor(readonly effect: ImportEffect | null) {
    super("Cannot keep a preview");
  }
}

interface ImportRow
  extends Pick<Import, "id" | "source" | "name" | "format" | "owner" | "ownerName" | "jobId"> {
  readonly tlp: number;
  readonly result: ImportEffect;
  readonly created: Date;
}

/** Imports in PostgreSQL. */
export function createImports(pool: Sql): Imports {
  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    pool.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;

  async function find(id: ImportId, visibility: Visibility): Promise<Import | null> {
    const [row] = await pool<ImportRow[]>`
      select ${columns(pool)} from imports i
      where i.id = ${id} and i.removed is null and ${visible(pool, visibility, "i")}`;
    return row ? toImport(row) : null;
  }

  return {
    add: (given, by, visibility) => transaction((sql) => addImport(sql, given, by, visibility)),

    async preview(given, by, visibility) {
      try {
        return await transaction(async (sql): Promise<never> => {
          const added = await addImport(sql, given, by, visibility);
          throw new PreviewError(added.isNew ? effectOf(added.import) : null);
        });
      } catch (error) {
        if (error instanceof PreviewError) return error.effect;
        throw error;
      }
    },

    find,

    async list(page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<ImportRow[]>`
        select ${columns(pool)} from imports i
        where i.removed is null and ${visible(pool, visibility, "i")}
          ${last === null ? pool`` : pool`and i.id < ${last}`}
        order by i.id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toImport), page.size, ({ id }) => id);
    },

    async samples(id, page, visibility) {
      if (await find(id, visibility) === null) return null;
      const last = after(page, /^[0-9a-f]{64}$/);
      const rows = await pool<{ sha256: Sha256 }[]>`
        select sha256 from import_samples n where import_id = ${id}
          and ${visibleSample(pool, pool`n.sha256`, visibility)} ${
        last === null ? pool`` : pool`and sha256 > ${last}`
      }
        order by sha256 limit ${page.size + 1}`;
      return pageOf(rows.map(({ sha256 }) => sha256), page.size, (sha256) => sha256);
    },

    async remove(id, by, visibility) {
      return await transaction(async (sql) => {
        const [found] = await sql`
          select from imports i where i.id = ${id} and i.removed is null and ${visible(sql, visibility, "i")}
          for update`;
        if (!found) return null;
        const hashes = await sql`delete from known_hashes where import_id = ${id} returning value`;
        const notes = await dropImportNotes(sql, id, by);
        const jobId = await askForJudging(sql, id);
        await sql`update imports set removed = now(), job_id = ${jobId} where id = ${id}`;
        return { hashes: hashes.length, ...notes, jobId };
      });
    },

    async spokenOf(id, last, size) {
      const rows = await pool<{ sha256: Sha256 }[]>`
        select sha256 from import_samples where import_id = ${id} and sha256 > ${last} order by sha256 limit ${size}`;
      return rows.map(({ sha256 }) => sha256);
    },
  };
}

async function addImport(
  sql: Sql,
  given: NewImport,
  by: Annotator,
  visibility: Visibility,
): Promise<{ import: Import; isNew: boolean }> {
  const { reading } = given;
  const id = newId<ImportId>();
  const source = storable(given.source);
  const row = {
    id,
    owner: by.id,
    owner_name: storable(by.name),
    source,
    name: storable(given.name),
    format: given.format,
    tlp: levelOf(reading),
    digest: given.digest,
  };
  const [made] = await sql`
    insert into imports ${
    sql(row)
  } on conflict (source, digest) where removed is null do nothing returning id`;
  if (!made) {
    const [same] = await sql<ImportRow[]>`
      select ${
      columns(sql)
    } from imports i where i.source = ${source} and i.digest = ${given.digest} and i.removed is null`;
    return { import: toImport(same!), isNew: false };
  }
  const values = reading.hashes.map(({ value }) => value);
  const [known] = await sql<{ count: number }[]>`
    select count(distinct value)::int from known_hashes where source = ${source} and value = any(${values})`;
  const hashes = await putKnownHashes(sql, reading.hashes.map((hash) => ({ ...hash, source })), id);
  const samples = await samplesOf(sql, given);
  const spoken = [...new Set([...samples.values()].flat())].sort();
  await sql`insert into import_samples (import_id, sha256) select ${id}, unnest(${spoken}::text[])`;
  const seen = await sql<{ sha256: Sha256 }[]>`
    select sha256 from unnest(${spoken}::text[]) as m (sha256)
    where ${visibleSample(sql, sql`m.sha256`, visibility)}`;
  const visibleSamples = new Set(seen.map(({ sha256 }) => sha256));
  const notes = await addImportNotes(
    sql,
    { id, author: `${source} (import)`, texts: reading.texts, samples, visible: visibleSamples },
    by,
  );
  const effect: ImportEffect = {
    objects: reading.objects,
    hashes,
    alreadyKnown: known!.count,
    texts: reading.texts.length,
    samples: visibleSamples.size,
    ...notes,
    refused: reading.refused,
    notUnderstood: reading.notUnderstood,
  };
  const jobId = await askForJudging(sql, id);
  const [stored] = await sql<ImportRow[]>`
    update imports i set result = ${sql.json(storableJson(effect) as postgres.JSONValue)}, job_id = ${jobId}
    where id = ${id} returning ${columns(sql)}`;
  return { import: toImport(stored!), isNew: true };
}

/** Samples that are here, by each hash that the file names. */
async function samplesOf(
  sql: Sql,
  { reading, samples }: NewImport,
): Promise<Map<string, readonly Sha256[]>> {
  const named = [
    ...reading.hashes.map(({ value }) => value),
    ...reading.texts.flatMap(({ hashes }) => hashes),
  ];
  const all = [
    ...new Set([...named.filter((value) => value.length === 64), ...[...samples.values()].flat()]),
  ];
  // Held until the end, so that none is forgotten in between.
  const rows = await sql<{ sha256: Sha256 }[]>`
    select sha256 from samples where sha256 = any(${all}) order by sha256 for key share`;
  const here = new Set(rows.map(({ sha256 }) => sha256));
  return new Map([...new Set(named)].flatMap((value) => {
    const found = (samples.get(value) ?? [value as Sha256]).filter((sha256) => here.has(sha256));
    return found.length === 0 ? [] : [[value, found] as const];
  }));
}

async function askForJudging(sql: Sql, id: ImportId): Promise<Import["jobId"]> {
  const [some] = await sql`select from import_samples where import_id = ${id} limit 1`;
  return some ? (await createJob(sql, JUDGE_IMPORT, { importId: id }, null)).id : null;
}

/** The rank of the most restricted level of all that is brought; an import of nothing tells nothing. */
function levelOf({ hashes, texts }: ImportReading): number {
  const levels = new Set<Tlp>([...hashes, ...texts].map(({ tlp }) => tlp));
  return Math.max(0, ...tlpLevels.map((level) => levels.has(level) ? tlpRank(level) : 0));
}

function effectOf(one: Import): ImportEffect {
  const { objects, hashes, alreadyKnown, texts, samples, notes, notesLeftOut, refused, notUnderstood } = one;
  return { objects, hashes, alreadyKnown, texts, samples, notes, notesLeftOut, refused, notUnderstood };
}

function columns(sql: Sql) {
  return sql`i.id, i.source, i.name, i.format, i.owner, i.owner_name as "ownerName", i.job_id as "jobId", i.tlp,
    i.result, i.created`;
}

function toImport({ tlp, result, created, ...row }: ImportRow): Import {
  return { ...result, ...row, tlp: tlpOfRank(tlp), created: instant(created) };
}
