import { ModuleDescription, Preset } from "@assay/core";
import { join } from "node:path";
import { z } from "zod";
import { isInUse } from "../../stack/data_folder.ts";
import { readStatus } from "../../supervisor/status.ts";
import { type Client, createClient } from "../client/client.ts";
import { findInstallation } from "../client/running.ts";
import type { Check } from "./check.ts";

const Listed = z.object({ items: z.array(ModuleDescription), presets: z.array(Preset) });

/** The processes that `up` runs on a data folder, and the modules as the API lists them. */
export async function checkRunning(data: string): Promise<Check[]> {
  const status = await readStatus(join(data, "run"));
  if (status === null || !(await isInUse(data))) {
    return [{
      group: "Running",
      name: "up",
      state: "absent",
      detail: `nothing runs on '${data}': 'deno task up'`,
    }];
  }
  const processes = status.processes.map((process): Check => ({
    group: "Running",
    name: process.name,
    state: process.phase === "ready" ? "ok" : "missing",
    detail: `${process.phase} since ${process.since}, restarted ${process.restarts} times` +
      (process.lastEnd === null ? "" : `, last ${process.lastEnd}`),
  }));
  return [...processes, ...await checkModules(createClient(await findInstallation({ data })))];
}

async function checkModules(client: Client): Promise<Check[]> {
  try {
    const { items, presets } = await client.get("/api/v1/modules", Listed);
    const modules = items.map((module): Check => ({
      group: "Modules",
      name: module.name,
      state: module.available || !module.enabled ? "ok" : "absent",
      detail: !module.enabled
        ? "switched off"
        : module.available
        ? module.version ?? ""
        : module.reason ?? "",
    }));
    const named = presets.map(({ name, modules }): Check => (
      { group: "Presets", name, state: "ok", detail: modules.join(", ") }
    ));
    return [...modules, ...named];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ group: "Modules", name: "list", state: "missing", detail }];
  }
}
