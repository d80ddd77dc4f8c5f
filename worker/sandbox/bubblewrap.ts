import type { SandboxedCommand } from "./sandbox.ts";

const BWRAP = "/usr/bin/bwrap";
/** The system's programs and libraries: all that a tool may see besides what it is given. */
const SYSTEM = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"];

/** A command line that runs the program in namespaces of its own: no network, nothing to write but a small tmp. */
export function wrap(command: SandboxedCommand): { program: string; args: string[] } {
  const system = SYSTEM.flatMap((path) => ["--ro-bind-try", path, path]);
  const given = (command.readOnly ?? []).flatMap((path) => ["--ro-bind", path, path]);
  const environment = Object.entries({
    PATH: "/usr/bin:/bin",
    LANG: "C.UTF-8",
    HOME: "/tmp",
    ...command.env,
  });
  return {
    program: BWRAP,
    args: [
      "--unshare-all",
      "--uid",
      "65534",
      "--gid",
      "65534",
      "--cap-drop",
      "ALL",
      "--die-with-parent",
      "--new-session",
      ...system,
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--size",
      String(256 * 1024 * 1024),
      "--tmpfs",
      "/tmp",
      ...given,
      "--chdir",
      "/tmp",
      "--clearenv",
      ...environment.flatMap(([name, value]) => ["--setenv", name, value]),
      "--",
      command.program,
      ...command.args,
    ],
  };
}

/** Why bubblewrap can't be used here, found out by using it; null where it can. */
export async function whyNoBubblewrap(): Promise<string | null> {
  const { program, args } = wrap({ program: "/usr/bin/true", args: [], timeoutMs: 10_000 });
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
