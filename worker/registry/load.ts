import { type ModuleDescription, reasonOf } from "@assay/core";
import type { Config } from "@assay/infra";
import { type Availability, DEFAULT_TIMEOUT, type Module, type Tools } from "../module/define.ts";
import { findModules, type FoundModule } from "./find.ts";
import { orderModules } from "./order.ts";
import type { LoadedModule, Registry } from "./registry.ts";

/** The interpreters that command modules may run, by the configuration. */
export function toolsOf(config: Config): Tools {
  return { python: config.tools.python, pythonPath: config.tools.pythonPath, deno: Deno.execPath() };
}

/**
 * Finds what is installed, checks its options, asks command modules for their tools and puts all in order.
 * @throws {Error} where the configuration or a preset of it names an unknown module or option, or modules require each other
 */
export async function loadModules(config: Config, folder?: URL): Promise<Registry> {
  const found = await findModules(folder);
  const names = new Set(found.map(({ name }) => name));
  for (const name of Object.keys(config.modules)) {
    if (names.has(name)) continue;
    throw new Error(`Cannot configure module '${name}': expected one of ${[...names].join(", ") || "none"}`);
  }
  for (const [preset, { modules }] of Object.entries(config.presets)) {
    const unknown = modules.find((name) => !names.has(name));
    if (unknown === undefined) continue;
    throw new Error(
      `Cannot configure preset '${preset}': expected modules of ${[...names].join(", ")}, got '${unknown}'`,
    );
  }
  const ordered = orderModules(found.map((one) => ({ ...one, requires: one.module?.requires ?? [] })));
  const judged = await Promise.all(ordered.map((one) => judge(one, config)));
  const gone = new Map(judged.flatMap((one) => one.loaded ? [] : [[one.found.name, one.reason] as const]));

  // What requires something that isn't there can't run either; the order has it behind that.
  const commands = new Set(found.flatMap(({ name, module }) => module?.kind === "command" ? [name] : []));
  for (const one of judged) {
    const { requires = [], kind } = one.loaded?.module ?? {};
    const missing = requires.find((name) => gone.has(name) || !names.has(name));
    const later = kind === "inline" ? requires.find((name) => commands.has(name)) : undefined;
    if (missing === undefined && later === undefined) continue;
    one.reason = missing !== undefined
      ? `It requires '${missing}': ${gone.get(missing) ?? "there is no such module"}`
      : `It requires '${later}', which is a program: inline modules can require inline modules only`;
    one.loaded = null;
    gone.set(one.found.name, one.reason);
  }
  return {
    modules: judged.flatMap(({ loaded }) => loaded ?? []),
    unavailable: judged.flatMap(({ found, enabled, loaded, reason }) =>
      enabled && !loaded ? { name: found.name, module: found.module, reason: reason! } : []
    ),
    disabled: judged.flatMap(({ found, enabled }) => enabled ? [] : found.name),
    descriptions: judged.flatMap((one) => describe(one) ?? []).sort((a, b) => a.name < b.name ? -1 : 1),
  };
}

interface Judged {
  readonly found: FoundModule;
  readonly enabled: boolean;
  loaded: LoadedModule | null;
  reason: string | null;
}

async function judge(found: FoundModule, config: Config): Promise<Judged> {
  const { module, name, url } = found;
  const given = config.modules[name];
  if (given?.enabled === false) {
    return { found, enabled: false, loaded: null, reason: "Disabled in the configuration" };
  }
  if (module === null) return { found, enabled: true, loaded: null, reason: found.reason };
  const options = parseOptions(module, given?.options ?? {});
  const available = await probe(module, options, toolsOf(config));
  if (!available.available) return { found, enabled: true, loaded: null, reason: available.reason };
  const timeoutMs = given?.timeout ?? module.timeoutMs ?? DEFAULT_TIMEOUT;
  const { version, definition } = available;
  return {
    found,
    enabled: true,
    loaded: { module, url, options, timeoutMs, version, definition },
    reason: null,
  };
}

function parseOptions(module: Module, given: Record<string, unknown>): unknown {
  const result = module.options.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const key = ["modules", module.name, "options", ...issue.path, ...keys].join(".");
    return `'${key}': ${issue.message}`;
  });
  throw new Error(`Cannot configure module '${module.name}':\n  ${lines.join("\n  ")}`);
}

async function probe(module: Module, options: unknown, tools: Tools): Promise<Availability> {
  try {
    if (module.kind === "command") return await module.probe(options, tools);
    const definition = await module.definition?.(options) ?? null;
    return { available: true, version: module.version, definition };
  } catch (error) {
    return { available: false, reason: reasonOf(error) };
  }
}

function describe({ found, enabled, loaded, reason }: Judged): ModuleDescription {
  const { module, name } = found;
  return {
    name,
    title: module?.title ?? name,
    description: module?.description ?? "",
    category: module?.category ?? "metadata",
    kind: module?.kind ?? "inline",
    enabled,
    available: loaded !== null,
    reason: loaded === null ? reason : null,
    version: loaded?.version ?? module?.version ?? null,
    definition: loaded?.definition ?? null,
    accepts: module?.accepts ? [...module.accepts] : null,
    requires: [...module?.requires ?? []],
  };
}
