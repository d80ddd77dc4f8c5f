import { dirname, join } from "node:path";
import { ensurePart, exists } from "../install/cache.ts";
import { postgresPart } from "../install/postgres.ts";
import type { ServerPreparation } from "./server.ts";
import { serverStage } from "./server.ts";
import { isReachableByOthers, type UnprivilegedUser, unprivilegedUser } from "./unprivileged_user.ts";

/** How PostgreSQL's programs are called: directly, or through a program that drops root's rights. */
interface Caller {
  readonly user: UnprivilegedUser | null;
  readonly before: readonly string[];
}

/** Real PostgreSQL: scram with a random password, loopback only, no Unix socket, data in `<data>/postgres`. */
export const preparePostgres: ServerPreparation = async (data, install) => {
  const programs = await ensurePart(postgresPart, install);
  const user = await unprivilegedUser(install.signal);
  const folder = join(data.path, "postgres");
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  if (user !== null) await Deno.chown(folder, user.uid, user.gid);
  const caller: Caller = { user, before: user === null ? [] : await passThrough(folder, user) };
  const cluster = join(folder, "data");
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  if (!(await exists(cluster))) {
    install.log("Making a PostgreSQL data folder …");
    await makeCluster(
      join(programs, "bin"),
      folder,
      cluster,
      data.secrets.postgres,
      caller,
      env,
      install.signal,
    );
  }
  return (ports) => {
    const port = ports();
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(port),
      unix_socket_directories: "",
      max_connections: "100",
      timezone: "UTC",
      log_timezone: "UTC",
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const [program = "", ...rest] = [
      ...caller.before,
      join(programs, "bin", "postgres"),
      "-D",
      cluster,
      ...args,
    ];
    return Promise.resolve({
      url: `postgres://assay:${data.secrets.postgres}@127.0.0.1:${port}/assay`,
      spec: {
        name: "postgres",
        program,
        args: rest,
        env,
        cwd: folder,
        ...asUser(caller),
        stdin: "null",
        ready: /database system is ready to accept connections/,
        readyTimeoutMs: 120_000,
        prepare: () => removeMisleadingLock(cluster),
        stopSignal: "SIGINT", // "Fast shutdown": ends sessions, writes a checkpoint.
        stopGraceMs: 10_000,
        stage: serverStage,
      },
    });
  };
};

/** In a folder of its own that takes its place when done: a killed `initdb` leaves nothing that looks whole. */
async function makeCluster(
  bin: string,
  folder: string,
  cluster: string,
  password: string,
  caller: Caller,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const fresh = join(folder, "data.new");
  const passwordFile = join(folder, "password.new");
  await removeTree(fresh);
  await Deno.writeTextFile(passwordFile, password, { mode: 0o600 });
  if (caller.user !== null) await Deno.chown(passwordFile, caller.user.uid, caller.user.gid);
  const call = async (program: string, args: string[], input = "") => {
    const [first = "", ...rest] = [...caller.before, join(bin, program), ...args];
    const child = new Deno.Command(first, {
      args: rest,
      clearEnv: true,
      env,
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal,
      ...asUser(caller),
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const output = await child.output();
    signal.throwIfAborted();
    if (!output.success) {
      throw new Error(
        `Cannot make PostgreSQL data folder: ${new TextDecoder().decode(output.stderr).trim()}`,
      );
    }
  };
  try {
    await call(
      "initdb",
      ["-D", fresh, "-U", "assay", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"].concat([
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
      ]),
    );
    await call("postgres", ["--single", "-D", fresh, "postgres"], "CREATE DATABASE assay;\n");
    await Deno.rename(fresh, cluster);
  } finally {
    await Deno.remove(passwordFile);
  }
}

function asUser(caller: Caller): { uid?: number; gid?: number } {
  if (caller.user === null || caller.before.length > 0) return {};
  return { uid: caller.user.uid, gid: caller.user.gid };
}

/**
 * Under a folder that only root can enter (such as `/root`), PostgreSQL's user keeps the one right to pass
 * through folders. It is asked for by `setpriv`, part of util-linux.
 */
async function passThrough(folder: string, user: UnprivilegedUser): Promise<string[]> {
  if (await isReachableByOthers(folder)) return [];
  const setpriv = "/usr/bin/setpriv";
  if (!(await exists(setpriv))) {
    throw new Error(
      `Cannot start PostgreSQL: '${
        dirname(folder)
      }' can be entered by root only, and PostgreSQL does not run as ` +
        "root; choose another folder with --data, or install 'setpriv' (util-linux)",
    );
  }
  return [
    setpriv,
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
    "--",
  ];
}

/**
 * PostgreSQL removes the lock of a dead postmaster itself, but not where its process id has since gone to another
 * program of the same user (as happens in restarted containers).
 */
async function removeMisleadingLock(cluster: string): Promise<void> {
  if (Deno.build.os !== "linux") return;
  const lock = join(cluster, "postmaster.pid");
  try {
    const pid = Number((await Deno.readTextFile(lock)).split("\n")[0]);
    const name = (await Deno.readTextFile(`/proc/${pid}/comm`)).trim();
    if (name !== "postgres") await Deno.remove(lock);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function removeTree(path: string): Promise<void> {
  if (await exists(path)) await Deno.remove(path, { recursive: true });
}
