import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { InstallContext } from "../install/cache.ts";
import type { Supervisor } from "../supervisor/supervise.ts";
import type { DataFolder } from "./data_folder.ts";
import { prepareElasticsearch } from "./elasticsearch.ts";
import { prepareNats } from "./nats.ts";
import { freePort } from "./port.ts";
import { preparePostgres } from "./postgres.ts";
import { type ServerName, serverNames, type ServerOptions, type ServerPreparation } from "./server.ts";

/** Where the embedded servers are reached, user and password included; only those asked for. */
export type ServerUrls = Partial<Record<ServerName, string>>;

/** What starting needs. */
export interface StartOptions extends Partial<ServerOptions> {
  readonly data: DataFolder;
  readonly supervisor: Supervisor;
  readonly install: InstallContext;
  /** Default: all. */
  readonly which?: readonly ServerName[];
}

const preparations: Record<ServerName, ServerPreparation> = {
  postgres: preparePostgres,
  nats: prepareNats,
  elasticsearch: prepareElasticsearch,
};

const defaultHeap = 512 * 1024 * 1024;

/**
 * Installs what is missing and starts the embedded servers, all at once, under the supervisor, which stops them.
 * @throws {Error} naming each server that failed, with its last lines or what is missing
 */
export async function startServers(options: StartOptions): Promise<ServerUrls> {
  const which = options.which ?? serverNames;
  const ends = await Promise.allSettled(which.map((name) => startServer(name, options)));
  options.install.signal.throwIfAborted();
  // All that is missing is named at once.
  const errors = ends.flatMap((end) => end.status === "rejected" ? [end.reason as unknown] : []);
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) {
    const messages = errors.map((error) => error instanceof Error ? error.message : String(error));
    throw new AggregateError(errors, messages.join("\n"));
  }
  return Object.fromEntries(ends.map((end, at) => [which[at], end.status === "fulfilled" ? end.value : ""]));
}

async function startServer(name: ServerName, options: StartOptions): Promise<string> {
  const { data, supervisor, install } = options;
  const prepare = await preparations[name](data, install, {
    elasticsearchHeap: options.elasticsearchHeap ?? defaultHeap,
    snapshots: options.snapshots ?? join(data.path, "snapshots"),
  });
  for (let attempt = 1;; attempt++) {
    const server = await prepare(freePort);
    install.log(`Starting ${name} …`);
    try {
      await supervisor.start(server.spec);
      return server.url;
    } catch (error) {
      // A port may have gone to another program meanwhile, or a killed server's children may take a moment to go.
      const passing = error instanceof Error && /\bin use\b|failed to bind/i.test(error.message);
      if (!passing || attempt === 3 || install.signal.aborted) throw error;
      await delay(1000, undefined, { signal: install.signal });
    }
  }
}
