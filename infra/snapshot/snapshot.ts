import type { Sha256 } from "@assay/core";
import type { IndexSnapshots } from "../elasticsearch/snapshots.ts";
import type { Sql } from "../postgres/connect.ts";
import { dumpDatabase, loadDatabase } from "./database.ts";
import { indexRepository, type Manifest, readManifest, snapshotFolder, writeManifest } from "./manifest.ts";
import { reconcile, type Reconciled } from "./reconcile.ts";

/** Where snapshots are made of, and where they lie. */
export interface SnapshotStores {
  readonly sql: Sql;
  readonly indices: IndexSnapshots;
  /** Folder that this process and Elasticsearch's nodes can write to. */
  readonly repository: string;
  readonly signal: AbortSignal;
}

/**
 * Keeps database and indices while everything goes on. The database first: whatever it calls complete has its report in the
 * indices then. What changed between the two moments is noted, for the restore to sort out.
 */
export async function createSnapshot(name: string, stores: SnapshotStores): Promise<Manifest> {
  const { sql, indices, repository, signal } = stores;
  const folder = snapshotFolder(repository, name);
  await Deno.mkdir(folder.slice(0, folder.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  try {
    await Deno.mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    throw new Error(`Cannot make snapshot '${name}': there is one of that name in '${repository}'`, {
      cause,
    });
  }
  const created = new Date().toISOString();
  const dump = await dumpDatabase(sql, folder, signal);
  const kept = await indices.create(indexRepository(repository), name, signal);
  const changed = await sql<{ sha256: Sha256 }[]>`
    select sha256 from samples where revision > ${dump.sequences["sample_revision"] ?? "0"}::bigint`;
  const [{ revision } = { revision: "0" }] = await sql<{ revision: string }[]>`
    select last_value::text as revision from sample_revision`;
  const manifest: Manifest = {
    version: 1,
    name,
    created,
    ...dump,
    indices: kept,
    changed: changed.map(({ sha256 }) => sha256),
    revision,
  };
  await writeManifest(repository, manifest);
  return manifest;
}

/**
 * Puts database and indices of a snapshot in place of those that are there. Nothing else may run on them; killed in between, it
 * has to be done again.
 * @throws {Error} where API or worker are at work, or there is something that would be lost and `replace` is not said
 */
export async function restoreSnapshot(
  name: string,
  replace: boolean,
  stores: SnapshotStores,
): Promise<{ manifest: Manifest } & Reconciled> {
  const { sql, indices, repository, signal } = stores;
  const manifest = await readManifest(repository, name);
  if (manifest === null) throw new Error(`Cannot restore '${name}': there is no whole snapshot of that name`);
  const busy = await sql<{ name: string }[]>`
    select distinct application_name as name from pg_stat_activity
    where datname = current_database() and application_name in ('assay api', 'assay worker')`;
  if (busy.length > 0) {
    const names = busy.map((one) => `'${one.name}'`).join(" and ");
    throw new Error(
      `Cannot restore while ${names} are running: stop 'up', then start 'deno task up --maintenance'`,
    );
  }
  const [used] = await sql`select from samples limit 1`;
  if (used && !replace) {
    throw new Error("Cannot restore: there are samples already, which --replace would throw away");
  }
  await indices.restore(indexRepository(repository), name, manifest.indices, signal);
  await loadDatabase(sql, snapshotFolder(repository, name), manifest, signal);
  return { manifest, ...await reconcile(sql, indices, manifest, signal) };
}

/** Deletes a snapshot, whole or not. The manifest goes first: what is left of it is not whole. */
export async function deleteSnapshot(
  name: string,
  { indices, repository }: Pick<SnapshotStores, "indices" | "repository">,
): Promise<void> {
  const folder = snapshotFolder(repository, name);
  try {
    await Deno.remove(`${folder}/manifest.json`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await indices.remove(indexRepository(repository), name);
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(`Cannot delete snapshot '${name}': there is none of that name in '${repository}'`, {
      cause,
    });
  }
}
