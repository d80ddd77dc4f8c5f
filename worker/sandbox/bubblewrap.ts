import { dirname } from "node:path";
import type { SandboxedCommand } from "./sandbox.ts";

/**
 * How a sandboxed program is kept from multiplying. `user`: root starts it as a user that nobody else is, and the kernel
 * counts that user's tasks. `namespace`: a user namespace of its own, in which the kernel counts since Linux 5.14, but
 * never what root starts. `none`: the same namespace without a limit.
 */
export type Containment = "user" | "namespace" | "none";

const BWRAP = "/usr/bin/bwrap";
const PRLIMIT = "/usr/bin/prlimit";
const SETPRIV = "/usr/bin/setpriv";
/** The system's programs and libraries: all that a tool may see besides what it is given. */
const SYSTEM = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"];
/** Processes and threads of one program at the same time. A JVM or Deno starts a few for each core. */
const MOST_TASKS = 512;
/** Ids that no system gives to anybody (systemd's UIDS-GIDS): one drawn for each run is nobody else's. */
const UNUSED_IDS = { first: 1_879_048_192, count: 2 ** 28 };

/** A command line that runs the program in namespaces of its own: no network, nothing to write but a small tmp. */
export function wrap(
  command: SandboxedCommand,
  containment: Containment,
): { program: string; args: string[] } {
  const given = command.readOnly ?? [];
  const environment = Object.entries({
    PATH: "/usr/bin:/bin",
    LANG: "C.UTF-8",
    HOME: "/tmp",
    ...command.env,
  });
  const { outside, inside } = contain(containment);
  return {
    program: BWRAP,
    args: [
      ...outside,
      "--die-with-parent",
      "--new-session",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--size",
      String(256 * 1024 * 1024),
      "--perms",
      "1777",
      "--tmpfs",
      "/tmp",
      // Folders that bubblewrap makes by itself are closed to everyone but its own user.
      ...parentsOf([...SYSTEM, ...given]).flatMap((path) => ["--perms", "0755", "--dir", path]),
      ...SYSTEM.flatMap((path) => ["--ro-bind-try", path, path]),
      ...given.flatMap((path) => ["--ro-bind", path, path]),
      "--remount-ro",
      "/",
      "--chdir",
      "/tmp",
      "--clearenv",
      ...environment.flatMap(([name, value]) => ["--setenv", name, value]),
      "--",
      ...inside,
      command.program,
      ...command.args,
    ],
  };
}

/** What bubblewrap is told, and what runs inside before the program. */
function contain(containment: Containment): { outside: string[]; inside: string[] } {
  const limit = [PRLIMIT, `--nproc=${MOST_TASKS}`, "--"];
  if (containment !== "user") {
    return {
      outside: ["--unshare-all", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"],
      inside: containment === "namespace" ? limit : [],
    };
  }
  const id = String(UNUSED_IDS.first + crypto.getRandomValues(new Uint32Array(1))[0]! % UNUSED_IDS.count);
  return {
    outside: [
      "--unshare-ipc",
      "--unshare-pid",
      "--unshare-net",
      "--unshare-uts",
      "--unshare-cgroup-try",
      "--cap-drop",
      "ALL",
      ...["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"].flatMap((name) => ["--cap-add", name]),
    ],
    inside: [
      ...limit,
      SETPRIV,
      "--reuid",
      id,
      "--regid",
      id,
      "--clear-groups",
      "--no-new-privs",
      "--inh-caps=-all",
      "--bounding-set=-all",
      "--",
    ],
  };
}

/** Every folder above these paths, the upper ones first. */
function parentsOf(paths: readonly string[]): string[] {
  const parents = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      if (parents.has(folder)) break;
      parents.add(folder);
    }
  }
  return [...parents].sort();
}

/** Why bubblewrap can't be used here in this way, found out by using it; null where it can. */
export async function whyNoBubblewrap(containment: Containment): Promise<string | null> {
  const { program, args } = wrap({ program: "/usr/bin/true", args: [], timeoutMs: 10_000 }, containment);
  try {
    const { success, stderr } = await new Deno.Command(program, { args, stdout: "null", stderr: "piped" })
      .output();
    return success ? null : new TextDecoder().decode(stderr).trim() || "bwrap failed without a word";
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      return "bubblewrap is missing; install it with 'apt-get install bubblewrap'";
    }
    return cause instanceof Error ? cause.message : String(cause);
  }
}
