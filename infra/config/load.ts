import { join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { Config, type ConfigInput } from "./config.ts";
import { readVariables, UnknownVariableError } from "./variables.ts";

/** Where the configuration comes from. Later sources win. */
export interface ConfigSources {
  /** A TOML file that must exist. Default: `assay.toml` in the working folder, where there is one. */
  readonly file?: string | undefined;
  /** The environment; only `ASSAY_*` is looked at. */
  readonly env: Readonly<Record<string, string>>;
  readonly flags?: ConfigInput;
}

/** Thrown with all that is wrong, a line each, for people to read. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** A configuration read, and what was said of it, to tell a choice from a default. */
export interface LoadedConfig {
  readonly config: Config;
  readonly given: ConfigInput;
}

/**
 * Reads the configuration: `assay.toml` < `ASSAY_*` variables < flags. Paths are absolute afterwards.
 * @throws {ConfigError} for a file that can't be read, an unknown key or variable, or a value that isn't right
 */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const given = [
    await readToml(sources.file ?? sources.env["ASSAY_CONFIG"]),
    variables(sources.env),
    sources.flags ?? {},
  ].reduce<unknown>(merge, {}) as ConfigInput;
  const config = check(given);
  const { data, samples, snapshots } = config;
  return {
    config: { ...config, data: resolve(data), samples: absolute(samples), snapshots: absolute(snapshots) },
    given,
  };
}

/** The resolved configuration that `up` hands to its processes. @throws {ConfigError} */
export async function readConfigFile(path: string): Promise<Config> {
  return check(JSON.parse(await Deno.readTextFile(path)));
}

/** The folder of the samples: as configured, else within the data folder. */
export function samplesPath(config: Pick<Config, "data" | "samples">): string {
  return config.samples.path ?? join(config.data, "samples");
}

/** The folder of snapshots: as configured, else within the data folder. */
export function snapshotsPath(config: Config): string {
  return config.snapshots.path ?? join(config.data, "snapshots");
}

function check(given: unknown): Config {
  const result = Config.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `'${path === "" ? key : `${path}.${key}`}' is no known key`);
    }
    const inner = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
    return [`'${path}': ${inner ?? issue.message}`];
  });
  throw new ConfigError(`Cannot read configuration:\n  ${lines.join("\n  ")}`);
}

async function readToml(file: string | undefined): Promise<unknown> {
  const path = file ?? "assay.toml";
  try {
    return parse(await Deno.readTextFile(path));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound && file === undefined) return {};
    if (cause instanceof Deno.errors.NotFound) {
      throw new ConfigError(`Cannot read configuration: there is no file '${path}'`, { cause });
    }
    if (cause instanceof TomlError) {
      throw new ConfigError(`Cannot read configuration '${path}': ${cause.message.trimEnd()}`, { cause });
    }
    throw cause;
  }
}

function variables(env: Readonly<Record<string, string>>): unknown {
  try {
    return readVariables(env);
  } catch (cause) {
    if (cause instanceof UnknownVariableError) throw new ConfigError(cause.message, { cause });
    throw cause;
  }
}

function absolute<T extends { path: string | null }>(table: T): T {
  return { ...table, path: table.path === null ? null : resolve(table.path) };
}

/** Tables are merged key by key; anything else is replaced. */
function merge(under: unknown, over: unknown): unknown {
  if (!isTable(under) || !isTable(over)) return over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, Object.hasOwn(over, key) ? merge(under[key], over[key]) : under[key]]),
  );
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
