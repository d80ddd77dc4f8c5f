import { Sha256 } from "@assay/core";
import { join } from "node:path";
import { z } from "zod";

/** Names of snapshots, which are folders too. */
export const SnapshotName = z.string().regex(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  "Expected a name of small letters, digits and '-'",
);

/** What a snapshot holds. Written last: a folder without it is of a run that was killed. */
export const Manifest = z.object({
  version: z.literal(1),
  name: SnapshotName,
  created: z.iso.datetime(),
  /** Migrations that had been applied to the database, in order. */
  migrations: z.array(z.string()),
  /** In an order in which each table refers to earlier ones only. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.int() })),
  sequences: z.record(z.string(), z.string()),
  /** Names of the indices in the repository. */
  indices: z.array(z.string()),
  /** Samples that changed between the database's moment and that of the indices. */
  changed: z.array(Sha256),
  /** No document in the indices is of a later revision. */
  revision: z.string(),
});
/** What a snapshot holds. */
export type Manifest = z.infer<typeof Manifest>;

/** The folder of a snapshot's tables and manifest. */
export function snapshotFolder(repository: string, name: string): string {
  return join(repository, "database", name);
}

/** The folder that Elasticsearch keeps its own snapshots of the same names in. */
export function indexRepository(repository: string): string {
  return join(repository, "indices");
}

/** Null where there is none, since the snapshot is not whole. */
export async function readManifest(repository: string, name: string): Promise<Manifest | null> {
  try {
    return Manifest.parse(
      JSON.parse(await Deno.readTextFile(join(snapshotFolder(repository, name), "manifest.json"))),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new Error(`Cannot read snapshot '${name}' in '${repository}'`, { cause: error });
  }
}

/** Makes the snapshot whole. */
export async function writeManifest(repository: string, manifest: Manifest): Promise<void> {
  const file = join(snapshotFolder(repository, manifest.name), "manifest.json");
  await Deno.writeTextFile(`${file}.new`, JSON.stringify(manifest), { mode: 0o600 });
  await Deno.rename(`${file}.new`, file);
}

/** Names in the repository, oldest first where they begin with a date; whole or not. */
export async function listSnapshots(
  repository: string,
): Promise<{ name: string; manifest: Manifest | null }[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(join(repository, "database"))) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return await Promise.all(
    names.sort().map(async (name) => ({ name, manifest: await readManifest(repository, name) })),
  );
}
