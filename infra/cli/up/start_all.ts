import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { LoadedConfig } from "../../config/load.ts";
import { samplesPath, snapshotsPath } from "../../config/load.ts";
import type { InstallContext } from "../../install/cache.ts";
import { findTools } from "../../install/tools.ts";
import type { DataFolder } from "../../stack/data_folder.ts";
import type { ServerName } from "../../stack/server.ts";
import { serverNames } from "../../stack/server.ts";
import { startServers } from "../../stack/start.ts";
import type { Supervisor } from "../../supervisor/supervise.ts";
import { freePort } from "../../stack/port.ts";
import { ensureAdminKey, newSecret } from "./admin_key.ts";
import { chooseApiPort } from "./api_port.ts";
import { buildPage } from "./build_page.ts";
import { migrateDatabase } from "./migrate_database.ts";
import { apiProcess, type ProcessPlace, reportsProcess, workerProcess } from "./processes.ts";

/** What starting everything needs. */
export interface StartAll {
  readonly loaded: LoadedConfig;
  readonly data: DataFolder;
  readonly supervisor: Supervisor;
  readonly install: InstallContext;
  /** Folder of the repository. */
  readonly root: string;
}

/** Everything started: where the API is, and the key of its first administrator. */
export interface Started {
  readonly url: string;
  readonly key: string;
}

/** Starts the embedded servers that no URL replaces, then API, worker and reports. The supervisor stops them. */
export async function startAll(options: StartAll): Promise<Started> {
  const { supervisor, install } = options;
  const page = buildPage(options.root, install);
  const [place] = await Promise.all([startStores(options), page]);
  // A reports process of theirs that the configuration names is used as it is.
  const processes = [
    apiProcess(place),
    workerProcess(place),
    ...options.loaded.config.reports.url === null ? [reportsProcess(place)] : [],
  ];
  install.log(`Starting ${processes.map(({ name }) => name).join(", ")} …`);
  await Promise.all(processes.map((one) => supervisor.start(one)));
  return { url: addressOf(place.config.api), key: place.config.adminKey! };
}

/** Starts the embedded servers alone, brings the database to this version and notes where they are for other processes. */
export async function startStores(options: StartAll): Promise<ProcessPlace> {
  const { loaded: { config, given }, data, supervisor, install } = options;
  const key = await ensureAdminKey(data.path, config.adminKey);
  const which = serverNames.filter((name) => config[name].url === null);
  const [urls, tools] = await Promise.all([
    startServers({
      data,
      supervisor,
      install,
      which,
      elasticsearchHeap: config.elasticsearch.heap,
      snapshots: snapshotsPath(config),
    }),
    findTools(install, config.tools),
  ]);
  const resolved: Config = {
    ...withUrls(config, urls),
    adminKey: key,
    tools,
    reports: {
      ...config.reports,
      url: config.reports.url ?? `http://127.0.0.1:${freePort()}`,
      secret: config.reports.secret ?? newSecret(),
    },
    api: {
      ...config.api,
      port: chooseApiPort(config.api.host, config.api.port, given.api?.port !== undefined),
    },
  };
  if (resolved.postgres.url !== null) await migrateDatabase(resolved.postgres.url);
  await Deno.mkdir(samplesPath(resolved), { recursive: true, mode: 0o700 });
  const configFile = join(data.runDir, "config.json");
  await Deno.writeTextFile(`${configFile}.new`, JSON.stringify(resolved), { mode: 0o600 });
  await Deno.rename(`${configFile}.new`, configFile);
  return { root: options.root, configFile, runDir: data.runDir, config: resolved };
}

function withUrls(config: Config, urls: Partial<Record<ServerName, string>>): Config {
  return {
    ...config,
    postgres: { ...config.postgres, url: config.postgres.url ?? urls.postgres ?? null },
    nats: { ...config.nats, url: config.nats.url ?? urls.nats ?? null },
    elasticsearch: { ...config.elasticsearch, url: config.elasticsearch.url ?? urls.elasticsearch ?? null },
  };
}

/** Where a browser on this machine finds it: an address that means "all" is reached by loopback. */
function addressOf(api: Config["api"]): string {
  const host = api.host === "0.0.0.0" || api.host === "::" ? "127.0.0.1" : api.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${api.port}`;
}
