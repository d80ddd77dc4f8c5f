import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, snapshotsPath } from "../config/load.ts";
import { connectElasticsearch } from "../elasticsearch/connect.ts";
import { connectPostgres } from "../postgres/connect.ts";
import { exclusively } from "../postgres/exclusive.ts";
import { listSnapshots, type Manifest, SnapshotName } from "../snapshot/manifest.ts";
import {
  createSnapshot,
  deleteSnapshot,
  restoreSnapshot,
  type SnapshotStores,
} from "../snapshot/snapshot.ts";
import { reachServers } from "./client/servers.ts";
import { commonOptions, configOf, runVerb } from "./options.ts";

const options = {
  ...commonOptions,
  repository: { type: "string" },
  replace: { type: "boolean", default: false },
} as const;

/** `assay snapshot create|list|restore|delete`: keeps database and indices, and puts them back. */
await runVerb(async () => {
  const { values, action, name } = parse();
  const { config } = await configOf(values);
  const repository = values.repository === undefined ? snapshotsPath(config) : resolve(values.repository);
  if (action === "list") return await list(repository);
  const { postgres, elasticsearch } = await reachServers(config);
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort(new Error("Stopped; what was begun is not whole")));
  const sql = connectPostgres({ url: postgres.url, name: "snapshot", max: 3 });
  const { snapshots: indices, close } = connectElasticsearch({
    url: elasticsearch.url,
    apiKey: elasticsearch.apiKey ?? undefined,
    prefix: elasticsearch.indexPrefix,
  });
  try {
    const stores: SnapshotStores = { sql, indices, repository, signal: stop.signal };
    await exclusively(postgres.url, "snapshot", () => act(action, name, values.replace, stores));
    return 0;
  } finally {
    await close();
    await sql.end();
  }
});

async function act(action: string, name: string, replace: boolean, stores: SnapshotStores): Promise<void> {
  if (action === "create") {
    const manifest = await createSnapshot(name, stores);
    console.log(`Kept '${name}' in '${stores.repository}': ${describe(manifest)}`);
    console.log("The samples' bytes are not in it: copy their folder now, after the snapshot");
  } else if (action === "restore") {
    const { manifest, dropped, failed, touched } = await restoreSnapshot(name, replace, stores);
    console.log(`Restored '${name}': ${describe(manifest)}`);
    console.log(
      `Made to agree: ${dropped} documents dropped, ${failed} tasks without a report failed, ${touched} samples to build anew`,
    );
  } else {
    await deleteSnapshot(name, stores);
    console.log(`Deleted '${name}'`);
  }
}

async function list(repository: string): Promise<number> {
  for (const { name, manifest } of await listSnapshots(repository)) {
    console.log(
      `${name}  ${manifest === null ? "not whole: delete it" : `${manifest.created}  ${describe(manifest)}`}`,
    );
  }
  return 0;
}

function describe({ tables, indices }: Manifest): string {
  const rows = (table: string) => tables.find(({ name }) => name === table)?.rows ?? 0;
  return `${rows("samples")} samples, ${rows("tasks")} tasks, ${indices.length} indices`;
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      options,
      allowPositionals: true,
      strict: true,
    });
    const [action = "", name, ...rest] = positionals;
    if (!["create", "list", "restore", "delete"].includes(action) || rest.length > 0) {
      throw new ConfigError(
        "Cannot read arguments: expected 'create [NAME]', 'list', 'restore NAME' or 'delete NAME'",
      );
    }
    if (action === "list") return { values, action, name: "" };
    const read = SnapshotName.safeParse(name ?? (action === "create" ? nameOfNow() : undefined));
    if (!read.success) {
      throw new ConfigError(
        `Cannot ${action} '${name ?? ""}': expected a name of small letters, digits and '-'`,
      );
    }
    return { values, action, name: read.data };
  } catch (cause) {
    if (cause instanceof TypeError) throw new ConfigError(cause.message, { cause });
    throw cause;
  }
}

/** e.g. `20260101-120000`. */
function nameOfNow(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}
