import { join } from "node:path";
import { ConfigError, readConfigFile } from "../../config/load.ts";
import { adminKeyPath } from "../up/admin_key.ts";
import type { ClientOptions } from "./client.ts";

/** Flags that say which installation is asked. */
export interface Where {
  readonly server?: string | undefined;
  readonly key?: string | undefined;
  /** Data folder of an installation on this machine. */
  readonly data: string;
}

/**
 * The installation to ask: as the flags say, else `ASSAY_URL` and `ASSAY_KEY`, else the one that `up` runs on the data
 * folder, with its administrator's key.
 * @throws {ConfigError} where none is found, with what to do
 */
export async function findInstallation(where: Where): Promise<ClientOptions> {
  const server = where.server ?? Deno.env.get("ASSAY_URL") ?? await runningAddress(where.data);
  const key = where.key ?? Deno.env.get("ASSAY_KEY") ?? await keptKey(where.data);
  return { server, key };
}

async function runningAddress(data: string): Promise<string> {
  try {
    const { api } = await readConfigFile(join(data, "run", "config.json"));
    const host = api.host === "0.0.0.0" || api.host === "::" ? "127.0.0.1" : api.host;
    return `http://${host.includes(":") ? `[${host}]` : host}:${api.port}`;
  } catch (cause) {
    throw new ConfigError(
      `Cannot find Assay in '${data}': start it with 'deno task up', or say where it is with --server or ASSAY_URL`,
      { cause },
    );
  }
}

async function keptKey(data: string): Promise<string> {
  try {
    return (await Deno.readTextFile(adminKeyPath(data))).trim();
  } catch (cause) {
    throw new ConfigError(`Cannot find an API key in '${data}': give one with --key or ASSAY_KEY`, { cause });
  }
}
