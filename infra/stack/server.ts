import type { InstallContext } from "../install/cache.ts";
import type { ProcessSpec } from "../supervisor/process.ts";
import type { DataFolder } from "./data_folder.ts";

/** The servers that can be embedded. */
export const serverNames = ["postgres", "nats", "elasticsearch"] as const;
/** A server that can be embedded. */
export type ServerName = (typeof serverNames)[number];

/** A server prepared on its data: how it is run and where it will be reached. */
export interface PreparedServer {
  /** Reached by this, user and password included. */
  readonly url: string;
  readonly spec: ProcessSpec;
}

/** Installs and prepares a server; the result can be made again with another port. */
export type ServerPreparation = (
  data: DataFolder,
  install: InstallContext,
  options: ServerOptions,
) => Promise<
  (ports: () => number) => Promise<PreparedServer>
>;

/** What can be chosen for the embedded servers. */
export interface ServerOptions {
  /** Heap of Elasticsearch in bytes. */
  readonly elasticsearchHeap: number;
  /** Folder that Elasticsearch may keep snapshots in. */
  readonly snapshots: string;
}

/** Servers are stopped after everything that uses them. */
export const serverStage = 0;
