import {
  type KeyId,
  type ListedSample,
  type ListId,
  newId,
  type SampleList,
  type Sha256,
  type Tlp,
  tlpOfRank,
  tlpRank,
  type Visibility,
} from "@assay/core";
import type { Page, PageRequest } from "../page.ts";
import type { Annotator } from "./annotator.ts";
import type { Sql } from "./connect.ts";
import { after, pageOf, ULID } from "./paging.ts";
import { storable } from "./storable.ts";
import { instant } from "./task_row.ts";
import { visible, visibleSample } from "./visibility.ts";

/** What its owner says of a list or a saved search. */
export interface ShelfLabel {
  readonly name: string;
  readonly description: string | null;
  /** Who may see it; null for the owner alone. */
  readonly tlp: Tlp | null;
}

/** Why a list or a saved search was not made or changed. `name-taken`: by another one of the same owner. */
export type ShelfRefusal = "not-found" | "not-owner" | "name-taken";

/** Lists of samples. Whoever sees a list may put samples on it and take them off; its owner names and shares it. */
export interface SampleLists {
  create(label: ShelfLabel, by: Annotator): Promise<SampleList | "name-taken">;
  find(id: ListId, visibility: Visibility): Promise<SampleList | null>;
  list(page: PageRequest, visibility: Visibility): Promise<Page<SampleList>>;
  change(id: ListId, label: ShelfLabel, visibility: Visibility): Promise<SampleList | ShelfRefusal>;
  /** Deletes the reader's own list; `any`: one shared by another, too. */
  remove(id: ListId, any: boolean, visibility: Visibility): Promise<"removed" | ShelfRefusal>;
  /** Samples of a visible list, as far as they are visible, by digest. Null: no such list. */
  samples(id: ListId, page: PageRequest, visibility: Visibility): Promise<Page<ListedSample> | null>;
  /** Puts the visible ones of these samples on the list; gives how many are new there. Null: no such list. */
  put(id: ListId, sha256s: readonly Sha256[], by: Annotator, visibility: Visibility): Promise<number | null>;
  /** Takes visible samples off; gives how many. Null: no such list. */
  take(id: ListId, sha256s: readonly Sha256[], visibility: Visibility): Promise<number | null>;
}

/** Counting the samples of a list stops here. */
const MAX_COUNT = 10_000;

interface ListRow {
  readonly id: ListId;
  readonly name: string;
  readonly description: string | null;
  readonly owner: KeyId;
  readonly author: string;
  readonly tlp: number | null;
  readonly samples: number;
  readonly created: Date;
}

/** Lists in PostgreSQL. */
export function createSampleLists(pool: Sql): SampleLists {
  /** With the number of its samples that the reader sees. */
  const columns = (visibility: Visibility) =>
    pool`l.id, l.name, l.description, l.owner, l.author, l.tlp, l.created, (
      select count(*)::int from (select from list_samples i
      where i.list_id = l.id and ${
      visibleSample(pool, pool`i.sha256`, visibility)
    } limit ${MAX_COUNT}) x) as samples`;

  async function find(id: ListId, visibility: Visibility): Promise<SampleList | null> {
    const [row] = await pool<ListRow[]>`
      select ${columns(visibility)} from lists l where l.id = ${id} and ${visible(pool, visibility, "l")}`;
    return row ? toList(row) : null;
  }

  return {
    async create(label, by) {
      const [row] = await pool<ListRow[]>`
        insert into lists ${
        pool({ id: newId<ListId>(), owner: by.id, author: storable(by.name), ...stored(label) })
      }
        on conflict (owner, name) do nothing returning *, 0 as samples`;
      return row ? toList(row) : "name-taken";
    },

    find,

    async list(page, visibility) {
      const last = after(page, ULID);
      const rows = await pool<ListRow[]>`
        select ${columns(visibility)} from lists l
        where ${visible(pool, visibility, "l")} ${last === null ? pool`` : pool`and l.id < ${last}`}
        order by l.id desc limit ${page.size + 1}`;
      return pageOf(rows.map(toList), page.size, ({ id }) => id);
    },

    async change(id, label, visibility) {
      const list = await find(id, visibility);
      if (!list) return "not-found";
      if (list.owner !== visibility.reader) return "not-owner";
      return await unlessTaken(async () => {
        await pool`update lists set ${pool(stored(label))} where id = ${id}`;
        return await find(id, visibility) ?? "not-found";
      });
    },

    async remove(id, any, visibility) {
      const list = await find(id, visibility);
      if (!list) return "not-found";
      if (list.owner !== visibility.reader && !any) return "not-owner";
      await pool`delete from lists where id = ${id}`;
      return "removed";
    },

    async samples(id, page, visibility) {
      if (!await find(id, visibility)) return null;
      const last = after(page, /^[0-9a-f]{64}$/);
      const rows = await pool<(Omit<ListedSample, "added"> & { added: Date })[]>`
        select i.sha256, i.author, i.added from list_samples i
        where i.list_id = ${id} and ${visibleSample(pool, pool`i.sha256`, visibility)}
          ${last === null ? pool`` : pool`and i.sha256 > ${last}`}
        order by i.sha256 limit ${page.size + 1}`;
      return pageOf(
        rows.map((row) => ({ ...row, added: instant(row.added) })),
        page.size,
        ({ sha256 }) => sha256,
      );
    },

    async put(id, sha256s, by, visibility) {
      if (!await find(id, visibility)) return null;
      const rows = await pool`
        insert into list_samples (list_id, sha256, author)
        select l.id, m.sha256, ${storable(by.name)} from lists l cross join samples m
        where l.id = ${id} and m.sha256 = any(${[...sha256s] as string[]})
          and ${visibleSample(pool, pool`m.sha256`, visibility)}
        order by 2 on conflict do nothing returning sha256`;
      return rows.length;
    },

    async take(id, sha256s, visibility) {
      if (!await find(id, visibility)) return null;
      const rows = await pool`
        delete from list_samples i where i.list_id = ${id} and i.sha256 = any(${[...sha256s] as string[]})
          and ${visibleSample(pool, pool`i.sha256`, visibility)} returning i.sha256`;
      return rows.length;
    },
  };
}

/** A label as its row keeps it. */
export function stored({ name, description, tlp }: ShelfLabel) {
  return { name: storable(name), description: storable(description), tlp: tlp && tlpRank(tlp) };
}

/** Gives `name-taken` where the owner has another one of that name. */
export async function unlessTaken<T>(write: () => Promise<T>): Promise<T | "name-taken"> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "23505") return "name-taken";
    throw error;
  }
}

function toList(row: ListRow): SampleList {
  const { id, name, description, owner, author, samples } = row;
  const tlp = row.tlp === null ? null : tlpOfRank(row.tlp);
  return { id, name, description, owner, author, tlp, samples, created: instant(row.created) };
}
