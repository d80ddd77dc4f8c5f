import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { samplesPath } from "../../config/load.ts";
import { EXPORTS_FOLDER } from "../../samples/exports.ts";
import type { ProcessSpec } from "../../supervisor/process.ts";
import { statusPath } from "../../supervisor/status.ts";

/** Where things are for the processes that `up` starts. */
export interface ProcessPlace {
  /** Folder of the repository. */
  readonly root: string;
  /** The resolved configuration they read. */
  readonly configFile: string;
  readonly runDir: string;
  readonly config: Config;
}

/** Rooms and packages that our processes may read; not the data folder, which may lie beside them. */
const code = ["analytics", "api", "core", "infra", "reports", "ui", "worker", "node_modules", "deno.json"];

/** The API: listens, talks to the servers, keeps samples. Runs no program. */
export function apiProcess(place: ProcessPlace): ProcessSpec {
  const { config } = place;
  return denoProcess(place, {
    name: "api",
    entry: "api/main.ts",
    net: [hostPort(config.api.host, config.api.port), reportsHost(config), ...serverHosts(config)],
    read: [samplesPath(config)],
    write: [samplesPath(config)],
    more: [],
    stage: 1,
    stopGraceMs: 6_000,
  });
}

/** The worker: talks to the servers, reads samples, and runs tools: what it starts is contained by its sandbox. */
export function workerProcess(place: ProcessPlace): ProcessSpec {
  const { config } = place;
  return denoProcess(place, {
    name: "worker",
    entry: "worker/main.ts",
    net: serverHosts(config),
    // The sandbox needs to see which tools there are, and what its processes use.
    read: [
      "/proc",
      "/sys/fs/cgroup",
      "/usr",
      "/bin",
      "/lib",
      "/lib64",
      "/opt",
      "/etc",
      samplesPath(config),
      ...config.tools.pythonPath,
      ...config.worker.read,
    ],
    write: [samplesPath(config)],
    // Not a list of programs: modules name their own, and ending a tool with all that it started asks for every one.
    more: ["--allow-run"],
    stage: 2,
    stopGraceMs: 12_000,
  });
}

/**
 * The reports process: listens on loopback, reads findings and what analysts added, keeps files of many reports, pushes to partners, and runs its renderers,
 * which may read less. It has no way to samples.
 */
export function reportsProcess(place: ProcessPlace): ProcessSpec {
  const { config } = place;
  const { tools, reports: { logo, rules } } = config;
  const exports = join(samplesPath(config), EXPORTS_FOLDER);
  // The shell looks at how much memory Chromium's pages take.
  const programs = [Deno.execPath(), ...tools.chromium === null ? [] : [tools.chromium, "/bin/sh"]];
  return denoProcess(place, {
    name: "reports",
    entry: "reports/main.ts",
    net: [reportsHost(config), ...storeHosts(config), ...config.partners.map(({ url }) => hostOf(url))],
    read: [
      ...[tools.stixSchemas, tools.attack, tools.chromium, tools.fonts, logo]
        .concat(config.partners.map(({ keyFile }) => keyFile))
        .filter((path) => path !== null),
      // Whether a scan used these very rules is told by all of them.
      ...rules === "none" ? [] : config.worker.read,
      exports,
    ],
    write: [exports],
    // Reports come and go whole: a small young generation lets go of them sooner, at no cost that could be measured.
    more: [`--allow-run=${programs.join(",")}`, "--v8-flags=--max-semi-space-size=4"],
    stage: 2,
    stopGraceMs: 6_000,
  });
}

interface DenoProcess {
  readonly name: string;
  readonly entry: string;
  readonly net: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly more: readonly string[];
  readonly stage: number;
  readonly stopGraceMs: number;
}

function denoProcess(place: ProcessPlace, one: DenoProcess): ProcessSpec {
  const temporary = join(place.config.data, "tmp", one.name);
  const rooms = code.map((name) => join(place.root, name));
  const read = [...rooms, place.configFile, statusPath(place.runDir), temporary, ...one.read];
  return {
    name: one.name,
    program: Deno.execPath(),
    args: [
      "run",
      "--no-prompt",
      "--ignore-env",
      "--allow-env=ASSAY_*",
      "--allow-sys=osRelease,hostname,cpus,uid,gid,systemMemoryInfo",
      `--allow-net=${one.net.join(",")}`,
      `--allow-read=${read.join(",")}`,
      `--allow-write=${[temporary, ...one.write].join(",")}`,
      ...one.more,
      join(place.root, one.entry),
      "--config",
      place.configFile,
      "--supervised",
    ],
    env: { ...inherited(), TMPDIR: temporary, TZ: "UTC", NO_COLOR: "1" },
    cwd: place.root,
    stdin: "held",
    ready: /^\{"ready":true/,
    readyTimeoutMs: 60_000,
    prepare: () => Deno.mkdir(temporary, { recursive: true, mode: 0o700 }),
    stopSignal: "SIGTERM",
    stopGraceMs: one.stopGraceMs,
    stage: one.stage,
  };
}

/** What a Deno process needs of our environment: where programs and its cache are, and whom TLS trusts. */
function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "LANG", "DENO_DIR", "DENO_CERT", "DENO_TLS_CA_STORE", "SSL_CERT_FILE"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function serverHosts(config: Config): string[] {
  return [...storeHosts(config), hostOf(config.nats.url)];
}

function storeHosts(config: Config): string[] {
  return [hostOf(config.postgres.url), hostOf(config.elasticsearch.url)];
}

function reportsHost(config: Config): string {
  return hostOf(config.reports.url);
}

function hostOf(text: string | null): string {
  if (text === null) throw new TypeError("Cannot list server addresses: expected every URL to be resolved");
  const url = new URL(text);
  const usual: Record<string, number> = {
    "postgres:": 5432,
    "postgresql:": 5432,
    "nats:": 4222,
    "tls:": 4222,
  };
  const port = url.port === ""
    ? usual[url.protocol] ?? (url.protocol === "https:" ? 443 : 80)
    : Number(url.port);
  return hostPort(url.hostname, port);
}

function hostPort(host: string, port: number): string {
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}
